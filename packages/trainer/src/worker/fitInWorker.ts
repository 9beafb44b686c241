import { checkOptions, type OptionSpecs, option } from '@keepprob/core';
import { checkArgument, checkModel } from '@keepprob/core/driver';
import { randomSeed } from '@keepprob/core/layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { displayOf, type Progress } from '../listeners/progress.ts';
import { BackendError } from '../loop/backendWatch.ts';
import { LONGEST_TIMER } from '../loop/interruptions.ts';
import * as messages from '../messages.ts';
import { fitOptions } from '../options.ts';
import { Died, live, type WorkerRun } from './life.ts';
import type { WorkerLike } from './port.ts';
import { assignSent } from './sentWeights.ts';

/** Options of `fitInWorker`. */
export interface FitInWorkerOptions<A> {
  /** Passed to the function that makes the task in the worker; must be cloneable. Undefined by default. */
  readonly args?: A;
  /** The number of workers, which share the rows of every batch; 1 by default. */
  readonly workers?: number;
  /** A model of the same shape that receives the trained weights; none by default. */
  readonly into?: LayersModel | null;
  /**
   * Ends the run; none by default. Before training has begun, it ends at once and without weights; after that, it ends after the step in progress, for which `grace`
   * waits.
   */
  readonly signal?: AbortSignal | null;
  /**
   * How many milliseconds an abort waits for workers that do not answer; 30,000 by default. A step, an evaluation or a checkpoint may take that long. After
   * that they are terminated, and the run fails with a BackendError: their weights are lost.
   */
  readonly grace?: number;
  /** How progress is shown in the main thread, as in `fit`; 'bar' by default. */
  readonly progress?: Progress;
  /** How often a run whose worker dies may resume from its last checkpoint, or start again if it has saved none; 3 by default. */
  readonly restarts?: number;
  /** Receives warnings about problems that were worked around; `console.warn` by default. */
  readonly warn?: (message: string) => void;
}

const specs: OptionSpecs<FitInWorkerOptions<unknown>> = {
  args: option.custom('a value that can be cloned', () => true, { fallback: undefined }),
  workers: option.number({ min: 1, integer: true, fallback: 1 }),
  into: option.custom<LayersModel | null>('a tf.LayersModel', () => true, { fallback: null }),
  signal: fitOptions.signal,
  grace: option.number({ min: 0, max: LONGEST_TIMER, fallback: 30_000 }),
  progress: fitOptions.progress,
  restarts: option.number({ min: 0, integer: true, fallback: 3 }),
  warn: option.fn({ fallback: message => console.warn(message) }),
};

/**
 * Trains off the main thread: `create` makes a worker whose module calls `serveFit`. The page or program stays free; events, aborts and the trained
 * weights are passed on. With `workers: n`, each of n workers trains on its rows of every batch, and the gradients are summed in shared memory. The
 * masks are those of one worker, and so are the weights up to the order of sums (batch norm sees the rows of one worker). A worker that dies is
 * replaced, and the run resumes from its last checkpoint, or starts again with its seed if it has saved none.
 * @example
 * import { Worker } from 'node:worker_threads'; // in a page: its own Worker, with { type: 'module' }
 * const run = await fitInWorker(() => new Worker(new URL('./task.js', import.meta.url)), { args: { epochs: 2 }, into: model });
 * @throws OptionError, DataError for invalid options, before anything happens, and for `args` that cannot be cloned; errors of the task or its training,
 * with their class; BackendError if the backend of a worker is lost, if workers do not answer an abort, and if they keep dying
 */
export async function fitInWorker<A>(
  create: () => WorkerLike,
  options: FitInWorkerOptions<A> = {},
): Promise<WorkerRun> {
  checkArgument('fitInWorker', 'create', option.fn<() => WorkerLike>(), create);
  const checked = checkOptions<FitInWorkerOptions<unknown>>('fitInWorker', specs, options);
  const { args, signal, grace, restarts, into, warn } = checked;
  if (into !== null) checkModel(into, 'fitInWorker');
  const workers = possible(checked.workers, warn);
  const seed = randomSeed();
  const display = await displayOf(checked.progress);
  let lastSaved: number | undefined;
  const saved = (step: number): void => {
    lastSaved = step;
  };
  const silent = (): Error => new BackendError(messages.workersSilent(grace, lastSaved));
  try {
    for (let died = 0; ; died++) {
      try {
        const goesOn = lastSaved !== undefined;
        const told = { tell: display.tell, saved, silent };
        const run = await live({ create, args, signal, grace, workers, seed, goesOn, ...told });
        if (into) assignSent(into, run.weights);
        return run;
      } catch (error) {
        if (!(error instanceof Died)) throw error;
        if (died >= restarts)
          throw new BackendError(messages.workersDied(died + 1, error.message, lastSaved), { cause: error });
        const next =
          lastSaved !== undefined
            ? 'resuming from the last checkpoint'
            : 'starting again, since the run has no checkpoint yet';
        warn(`a worker died (${error.message}); ${next}`);
      }
    }
  } finally {
    display.stop();
  }
}

/** The number of workers, or 1 if they cannot share memory. */
function possible(workers: number, warn: (message: string) => void): number {
  const isolated = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated !== false;
  if (workers === 1 || (typeof SharedArrayBuffer !== 'undefined' && isolated)) return workers;
  warn(`training on one worker instead of ${workers}: the page must be cross-origin isolated for them to share memory`);
  return 1;
}
