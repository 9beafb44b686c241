import { basename, extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { OptionError } from '@keepprob/core';
import { randomSeed } from '@keepprob/core/layers';
import { CheckpointError, type FittedRun, fit } from '@keepprob/trainer';
import { fitInWorker, type WorkerRun } from '@keepprob/trainer/worker';
import { loadConfig } from '../config/loadConfig.ts';
import * as messages from '../config/messages.ts';
import type { Backend } from './backend.ts';
import { checkFree, filesIn } from './folder.ts';
import { exitCodeOf, interruptible } from './interrupt.ts';
import { type Prepared, prepareFrom, type Request } from './prepare.ts';
import { save } from './save.ts';
import { summaryOf } from './summary.ts';
import { wrapped } from './wrapped.ts';
import { checkFolder } from './writable.ts';

/** Options of the command line for a run. */
export interface TrainOptions {
  /** `runs/<name of the config>` by default. */
  readonly out?: string;
  readonly resume?: boolean;
  readonly force?: boolean;
  readonly seed?: number;
  readonly epochs?: number;
  readonly workers: number;
  readonly threads: number;
  readonly backend: Backend;
  readonly progress: 'bar' | 'lines' | 'none';
  readonly fastDevRun?: boolean;
}

/**
 * Trains according to a config, and returns the exit code.
 * @param given the words of the command line with which a later run can resume in the same way
 * @throws OptionError, DataError before anything is written; errors of training
 */
export async function train(config: string, options: TrainOptions, given: readonly string[]): Promise<number> {
  const request = requestOf(config, options);
  const files = options.fastDevRun ? undefined : filesIn(request.out);
  // the config's keys are checked here, so that its errors are reported before those of its folder
  const loaded = await loadConfig(config);
  if (files && !options.resume && !options.force) checkFree(request.out);
  if (files) checkFolder('train', '--out', request.out);
  const prepared = await prepareFrom(loaded, request);
  console.log(wrapped('backend', prepared.backend));
  if (prepared.told !== undefined) console.log(prepared.told);
  const begun = performance.now();
  const { result: run, by } = await interruptible(
    signal => trained(prepared, request, options, signal).catch(error => explained(config, error)),
    () => console.error(`\n${messages.interrupted()}`),
  );
  // workers that were interrupted before they began have sent no weights: keep the files that are saved there
  if (files && (!('weights' in run) || run.weights.length)) await save(prepared.model, prepared.preprocessing, files);
  const { epochs = 1, checkpoint } = prepared.options;
  const { best = 'valLoss', mode = 'auto' } = checkpoint ?? {};
  const interrupted = by !== undefined && run.stopped === 'aborted';
  const resume = interrupted && files ? messages.goOn('train', [config, '--resume', ...given]) : undefined;
  const measured = files && prepared.preprocessing;
  const next = measured && messages.goOn('evaluate', [files.model, '--config', config]);
  const seconds = (performance.now() - begun) / 1000;
  console.log(summaryOf({ run, epochs: files ? epochs : 1, monitor: best, mode, seconds, files, resume, next }));
  return interrupted ? exitCodeOf(by) : 0;
}

function requestOf(config: string, options: TrainOptions): Request {
  const { out, resume = false, force = false, seed, epochs, backend, threads, fastDevRun = false } = options;
  return {
    config,
    out: out ?? join('runs', basename(config, extname(config))),
    backend,
    threads,
    resume: resume && (force ? 'force' : true),
    replace: force && !resume,
    fastDevRun,
    seed,
    epochs,
    randomSeed: randomSeed(),
  };
}

function trained(
  { model, data, options }: Prepared,
  request: Request,
  { workers, progress: wanted }: TrainOptions,
  signal: AbortSignal,
): Promise<FittedRun | WorkerRun> {
  const progress = wanted === 'none' ? false : wanted;
  if (workers === 1) return fit(model, data, { ...options, signal, progress });
  const create = (): Worker => new Worker(new URL('./worker.js', import.meta.url));
  return fitInWorker(create, { args: request, workers, into: model, signal, progress });
}

/** Adapts errors of `fit` to the command line: its options are keys of the config, and a checkpoint of another run can be used with --force. */
function explained(config: string, error: unknown): never {
  if (error instanceof OptionError)
    throw new OptionError(`${config}: ${error.message.replace(/^fit: /, '')}`, { received: error.received });
  if (!(error instanceof CheckpointError) || error.problem !== 'different') throw error;
  throw new CheckpointError(error.problem, `${error.message} ${messages.takeAnyway()}`, error);
}
