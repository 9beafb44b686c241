import { writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { type LensListener, type Report, type ReportOptions, report, type SectionName } from '@keepprob/lens';
import { storageError } from '@keepprob/trainer/node';
import type { LayersModel } from '@tensorflow/tfjs';
import { savedModel } from '../config/make/savedModel.ts';
import * as messages from '../config/messages.ts';
import { type Backend, openBackend } from '../run/backend.ts';
import { exitCodeOf, interruptible } from '../run/interrupt.ts';
import { checkFile } from '../run/writable.ts';
import { type DataOptions, type Known, subjectOf } from './subject.ts';

/** Options of the command line. */
export interface DoctorOptions extends DataOptions {
  readonly loss?: string;
  readonly out: string;
  readonly json?: string;
  /** Whether to train pairs of runs, or how many. */
  readonly measure?: boolean | number;
  readonly sections?: readonly string[];
  readonly seed?: number;
  readonly step?: number;
  readonly backend: Backend;
  readonly progress: 'lines' | 'none';
}

/** Examines a saved model, writes the report and prints the verdicts. Returns the exit code. @throws OptionError, DataError; errors of the lens */
export async function doctor(file: string, options: DoctorOptions): Promise<number> {
  checkFile('doctor', '--out', options.out);
  if (options.json !== undefined) checkFile('doctor', '--json', options.json);
  const backend = await openBackend(options.backend, 1);
  const model = await savedModel(file);
  const known = await subjectOf(file, model, options);
  if (options.progress !== 'none') console.error(`backend      ${backend}`);
  const { result, by } = await interruptible(
    signal => looked(file, model, known, options, signal),
    () => console.error(`\n${messages.leaving()}`),
  );
  if (!result) return by === undefined ? 1 : exitCodeOf(by);
  await write(options.out, result.html);
  if (options.json !== undefined) await write(options.json, `${JSON.stringify(result.findings)}\n`);
  console.log(`${result.text}\n\nreport       ${options.out}`);
  return 0;
}

async function write(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch(error => {
    throw storageError(error, 'write', file);
  });
}

/** The report; undefined after Ctrl-C. */
async function looked(
  file: string,
  model: LayersModel,
  known: Known,
  options: DoctorOptions,
  signal: AbortSignal,
): Promise<Report | undefined> {
  try {
    return await report(model, known.data, reportOptions(file, known, options, signal));
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** The name of a model: that of its folder for a model.json, as most models have that name. */
const nameOf = (file: string): string => {
  const folder = basename(dirname(file));
  return basename(file) === 'model.json' && folder !== '.' ? folder : basename(file);
};

function reportOptions(file: string, known: Known, options: DoctorOptions, signal: AbortSignal): ReportOptions {
  const { validation, plugins, run, optimizer, batchSize, json } = known;
  const loss = options.loss ?? known.loss;
  const seed = options.seed ?? known.seed;
  const { measure, sections, step, progress } = options;
  const how = {
    ...(typeof measure === 'number' && { seeds: measure }),
    ...(optimizer && { optimizer }),
    ...(batchSize !== undefined && { batchSize }),
  };
  return {
    ...{
      validation,
      plugins,
      signal,
      written: json ? 'json' : 'code',
      title: `What regularization does to ${nameOf(file)}`,
    },
    ...(run && { run }),
    ...(loss && { loss }),
    ...(seed !== undefined && { seed }),
    ...(step !== undefined && { step }),
    ...(measure !== undefined && { measure: measure === false ? false : how }),
    ...(sections && { sections: sections as readonly SectionName[] }),
    progress: progress === 'none' ? false : told(),
  };
}

/** Milliseconds between lines. */
const QUIET = 1000;

/** Lines on stderr, so that verdicts can be piped. */
function told(): LensListener {
  let last = Number.NEGATIVE_INFINITY;
  return ({ what, done, total }) => {
    const now = performance.now();
    if (done < total && now - last < QUIET) return;
    last = now;
    console.error(`${what} ${done}/${total}`);
  };
}
