/** Predicts for the rows of a table of any length. */
import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OptionError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import { randomSeed } from '@keepprob/core/layers';
import type { Preprocessing } from '@keepprob/trainer/model';
import { preprocessingOf, storageError } from '@keepprob/trainer/node';
import { type Encoding, placesOf, type RowEncoder, rowEncoder, scaled } from '@keepprob/trainer/table';
import { modelIn } from '../config/make/modelIn.ts';
import { savedModel } from '../config/make/savedModel.ts';
import * as messages from '../config/messages.ts';
import { floats, sizeOf } from '../data/arrays.ts';
import { type Backend, openBackend } from '../run/backend.ts';
import { wrapped } from '../run/wrapped.ts';
import { checkFile } from '../run/writable.ts';
import { notNumber } from '../table/fields.ts';
import { type RowBlock, rowBlocks } from '../table/stream.ts';
import { csvLine } from './csvLine.ts';
import { type Predictor, predictorOf, type Said } from './predictor.ts';

/** Options of the command line. */
export interface PredictOptions {
  /** The terminal by default. */
  readonly out?: string;
  readonly force?: boolean;
  /** The number of passes with dropout on, for uncertainty. */
  readonly passes?: number;
  readonly seed?: number;
  /** Columns to copy. */
  readonly keep?: readonly string[];
  readonly separator?: string;
  readonly backend: Backend;
}

/** @throws OptionError, DataError for invalid files */
export async function predict(given: string, table: string, options: PredictOptions): Promise<void> {
  const file = modelIn(given);
  const { out, force = false, passes: samples, seed = randomSeed() } = options;
  if (out !== undefined) checkOut(out, table, force);
  await openBackend(options.backend, 1);
  const model = await savedModel(file);
  try {
    const known = preprocessingOf(model);
    if (!known?.columns) throw new OptionError(known ? messages.notOfTable(file) : messages.noPreprocessing(file));
    const predictor = predictorOf('predict', model, known, samples === undefined ? undefined : { samples, seed });
    const job = new Job(table, predictor, known, options);
    await write(job.lines(), out);
    console.error(job.told(out));
  } finally {
    model.dispose();
  }
}

function checkOut(out: string, table: string, force: boolean): void {
  if (resolve(out) === resolve(table)) throw OptionError.of('predict', '--out', 'another file than the table', out);
  if (existsSync(out) && !force) throw new OptionError(messages.holdsFile(out));
  checkFile('predict', '--out', out);
}

/** Writes to a file, completely or not at all, or to the terminal. */
async function write(lines: AsyncIterable<string>, out: string | undefined): Promise<void> {
  if (out === undefined) {
    const terminal = new Writable({
      write: (chunk, _, done) => {
        if (process.stdout.write(chunk)) done();
        else process.stdout.once('drain', () => done());
      },
    });
    return pipeline(Readable.from(lines), terminal);
  }
  const aside = `${out}.${process.pid}.writing`;
  try {
    await pipeline(Readable.from(lines), createWriteStream(aside));
    await rename(aside, out);
  } catch (error) {
    await rm(aside, { force: true });
    throw error instanceof Error && 'syscall' in error ? storageError(error, 'write', out) : error;
  }
}

/** The prediction of a table, and its statistics. */
class Job {
  #rows = 0;
  #left = 0;
  #unknown: ReadonlyMap<string, number> = new Map();

  constructor(
    readonly table: string,
    readonly predictor: Predictor,
    readonly known: Preprocessing,
    readonly options: PredictOptions,
  ) {}

  async *lines(): AsyncGenerator<string> {
    const { keep = [], separator = this.known.separator } = this.options;
    const { names } = this.predictor;
    const header = csvLine([...keep, ...names]);
    let encoder: RowEncoder | undefined;
    let places: readonly number[] = [];
    let block = 0;
    for await (const rows of rowBlocks(this.table, separator)) {
      const named = { path: this.table, header: rows.header };
      encoder ??= rowEncoder(named, encodingsOf(this.known), notNumber);
      places = places.length ? places : placesOf(named, keep);
      this.#unknown = encoder.unknown;
      // nothing is written for an invalid table, or one that lacks columns
      if (block === 0) yield header;
      yield* this.#block(rows, encoder, places, block++);
    }
    if (block === 0) yield header;
  }

  async *#block(
    { rows }: RowBlock,
    encoder: RowEncoder,
    places: readonly number[],
    block: number,
  ): AsyncGenerator<string> {
    const whole = rows.filter(row => !encoder.lacks(row));
    const width = encoder.inputs.length;
    const data = floats(this.table, whole.length * width);
    for (const [i, row] of whole.entries()) encoder.write(row, data, i * width);
    const { scaling, shape } = this.known;
    const x = { data, shape: [whole.length, ...(sizeOf(shape) === width ? shape : [width])] };
    const said = whole.length ? await this.predictor.predict(scaling ? scaled(x, scaling) : x, block) : [];
    const answers = new Map(whole.map((row, i) => [row, said[i] ?? []] as const));
    const none: Said = this.predictor.names.map(() => '');
    this.#rows += rows.length;
    this.#left += rows.length - whole.length;
    yield rows
      .map(row => csvLine([...places.map(place => row.fields[place] ?? ''), ...(answers.get(row) ?? none)]))
      .join('');
  }

  /** The summary that is printed at the end. */
  told(out: string | undefined): string {
    const left = this.#left
      ? `; ${this.#left} of them lack a value that all training rows had, and get no prediction`
      : '';
    return [
      wrapped('predicted', `${this.#rows} rows${out === undefined ? '' : ` in ${out}`}${left}`),
      ...[...this.#unknown].map(([column, n]) =>
        wrapped('unknown', `${n} fields of ${show(column)} with a word that no training row had`),
      ),
    ].join('\n');
  }
}

const encodingsOf = ({ encodings, columns = [] }: Preprocessing): readonly Encoding[] =>
  encodings ?? columns.map(column => ({ column, type: 'number' }));
