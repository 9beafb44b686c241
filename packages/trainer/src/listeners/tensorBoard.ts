import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { checkOptions, OptionError, type OptionSpecs, option } from '@keepprob/core';
import { checkArgument } from '@keepprob/core/driver';
import { type GrowingFile, openNew } from './growingFile.ts';
import { histogramOf } from './histogram.ts';
import type { RunEvent, RunListener } from './listener.ts';
import { eventFiles, tagsSaidAt } from './saidAt.ts';
import { type Summary, startEvent, summaryEvent, versionEvent, type When } from './tfEvents.ts';

/** Options of `tensorBoard`. */
export interface TensorBoardOptions {
  /** 'epoch', the default, writes the distributions of the weights after each epoch; false writes none. */
  readonly histograms?: 'epoch' | false;
  /** More values to write after each epoch, by tag: a number is a scalar, a list of numbers a histogram. Nothing by default. */
  readonly also?: ((event: RunEvent) => Extra | Promise<Extra>) | undefined;
}
const specs: OptionSpecs<TensorBoardOptions> = {
  histograms: option.oneOf<'epoch' | false>(['epoch', false], { fallback: 'epoch' }),
  also: option.optional(option.fn<NonNullable<TensorBoardOptions['also']>>()),
};

type Extra = Readonly<Record<string, number | ArrayLike<number>>>;

/** The three curves of a log are three runs with one tag, so that they appear in one chart: loss, cleanLoss and valLoss become loss of train, clean and val. */
const curveOf = (name: string): readonly [run: string, name: string] => {
  const [, run, rest] = /^(clean|val)([A-Z].*)$/.exec(name) ?? [];
  return run && rest ? [run, rest.charAt(0).toLowerCase() + rest.slice(1)] : ['train', name];
};

/** The runs that `curveOf` returns. */
const RUNS = ['train', 'clean', 'val'];

const PREFIX = 'events.out.tfevents.';
const secondsOf = (name: string): number => Number(name.slice(PREFIX.length).split('.', 1)[0]) || 0;

/**
 * Creates a separate file for each writer, even for threads of one process within the same second. TensorBoard reads files in the order of their names, so the new
 * name sorts after the existing ones, whatever the clock says.
 */
function newFile(folder: string, time: number): GrowingFile {
  const last = eventFiles(folder).at(-1) ?? '';
  let seconds = Math.max(Math.floor(time), secondsOf(last));
  for (let number = 0; ; number++) {
    if (number > 999) [seconds, number] = [seconds + 1, 0];
    const counted = [String(seconds).padStart(10, '0'), hostname(), process.pid, String(number).padStart(3, '0')];
    const name = PREFIX + counted.join('.');
    const file = name > last ? openNew(join(folder, name)) : undefined;
    if (file) return file;
  }
}

/** The event files of one run of `fit`, which begins after `begun` updates: one for each curve, created when it is first written to. */
class EventFiles {
  readonly #directory: string;
  readonly #begun: number;
  readonly #open = new Map<string, GrowingFile>();
  /** By curve, the tags that earlier files contain for the step at which this run begins. */
  readonly #said = new Map<string, ReadonlySet<string>>();

  constructor(directory: string, begun: number) {
    this.#directory = directory;
    this.#begun = begun;
  }

  write(run: string, when: When, summaries: readonly Summary[]): void {
    // an epoch that was written but not saved before the run was interrupted is reported again
    const said = when.step === this.#begun && this.#begun > 0 ? this.#saidBefore(run) : undefined;
    const fresh = said ? summaries.filter(([tag]) => !said.has(tag)) : summaries;
    if (fresh.length) this.open(run, when.time).write(summaryEvent(when, fresh));
  }

  #saidBefore(run: string): ReadonlySet<string> {
    const folder = join(this.#directory, run);
    const said = this.#said.get(run) ?? tagsSaidAt(this.#begun, folder, eventFiles(folder));
    this.#said.set(run, said);
    return said;
  }

  open(run: string, time: number): GrowingFile {
    const known = this.#open.get(run);
    if (known) return known;
    const file = newFile(join(this.#directory, run), time);
    this.#open.set(run, file);
    file.write(versionEvent(time));
    // earlier data are cut off here; if the run starts over, at step 0, all of them are discarded
    file.write(startEvent({ time, step: this.#begun && this.#begun + 1 }));
    return file;
  }

  close(): void {
    for (const file of this.#open.values()) file.close();
    this.#open.clear();
  }
}

/** The logs of an update or an epoch, by the curve that they belong to. */
function scalarsOf({ type, logs }: RunEvent): ReadonlyMap<string, readonly Summary[]> {
  const runs = new Map<string, Summary[]>();
  for (const [log, value] of Object.entries(logs)) {
    const [run, name] = curveOf(log);
    runs.set(run, [...(runs.get(run) ?? []), [`${type}/${name}`, value]]);
  }
  return runs;
}

const isNumbers = (value: unknown): value is number | ArrayLike<number> =>
  typeof value === 'number' ||
  ArrayBuffer.isView(value) ||
  (Array.isArray(value) && value.every(n => typeof n === 'number'));

/** @throws OptionError for an invalid result of `also` */
function extrasOf(given: unknown): [tag: string, value: number | ArrayLike<number>][] {
  const entries = Object.entries(Object(given));
  const numbers = entries.filter((entry): entry is [string, number | ArrayLike<number>] => isNumbers(entry[1]));
  if (typeof given === 'object' && given !== null && numbers.length === entries.length) return numbers;
  throw OptionError.of('tensorBoard', 'also', 'a function that returns numbers, or lists of numbers, by tag', given);
}

/** Empty for values that have no histogram. */
function summaryOf(tag: string, value: number | ArrayLike<number>): Summary[] {
  const summary = typeof value === 'number' ? value : histogramOf(value);
  return summary === undefined ? [] : [[tag, summary]];
}

/**
 * Event files for TensorBoard, in `directory`/train, /clean and /val: `step/cost`, … of every update, `epoch/loss`, … of every epoch, and
 * `weights/0-Dense/kernel`, … as histograms. A run replaces what was written there after its first step; a run that starts at step 0 replaces
 * everything. View it with `tensorboard --logdir runs`.
 * @example
 * const also = async () => Object.fromEntries((await effectiveL2(model, { x, y })).sites.map(s => [`lambda/${s.name}`, s.lambda ?? []]));
 * await fit(model, { x, y }, { ...options, listeners: [tensorBoard('runs/mnist', { also })] });
 * @throws OptionError for a directory that is not a string, for invalid options, and, after an epoch, for an invalid result of `also`
 */
export function tensorBoard(directory: string, options: TensorBoardOptions = {}): RunListener {
  checkArgument('tensorBoard', 'directory', option.string(), directory);
  const { histograms, also } = checkOptions<TensorBoardOptions>('tensorBoard', specs, options);
  let files = new EventFiles(directory, 0);

  const listen = async (event: RunEvent): Promise<void> => {
    const { type, step, weights } = event;
    const when: When = { time: Date.now() / 1000, step };
    if (type === 'begin') {
      files.close();
      files = new EventFiles(directory, step);
      // also discard curves that the new run will not have
      if (step === 0) for (const run of RUNS) if (existsSync(join(directory, run))) files.open(run, when.time);
    }
    if (type === 'step' || type === 'epoch') {
      for (const [run, summaries] of scalarsOf(event)) files.write(run, when, summaries);
    }
    if (type === 'epoch' && histograms) {
      for (const { path, variable } of weights ?? []) {
        files.write('train', when, summaryOf(`weights/${path}`, await variable.data()));
      }
    }
    if (type === 'epoch' && also) {
      const extra = extrasOf(await also(event));
      files.write(
        'train',
        when,
        extra.flatMap(([tag, value]) => summaryOf(tag, value)),
      );
    }
  };
  return Object.assign(listen, { close: () => files.close() });
}
