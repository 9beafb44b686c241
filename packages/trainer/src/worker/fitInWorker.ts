import { checkOptions, DataError, OptionError, type OptionSpecs, option, weightsOf } from '@keepprob/core';
import { checkModel } from '@keepprob/core/driver';
import { randomSeed } from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { displayOf, type Listener, type Progress } from '../listeners/progress.ts';
import type { FittedRun } from '../loop/fit.ts';
import * as messages from '../messages.ts';
import { fitOptions } from '../options.ts';
import { sharedBytes } from './allReduce.ts';
import { listenTo, type WorkerLike } from './port.ts';
import { type FromWorker, receiveError, type SentWeight, type ToWorker } from './protocol.ts';

export interface FitInWorkerOptions<A> {
  /** Given to the task that the worker makes; must be cloneable. */
  readonly args?: A;
  /** Workers that share every batch by rows; 1 by default. */
  readonly workers?: number;
  /** Gets the trained weights: a model of the same shape. */
  readonly into?: LayersModel | null;
  readonly signal?: AbortSignal | null;
  readonly progress?: Progress;
  /** How often a run whose worker dies goes on from its last checkpoint, or begins anew where it has saved none; 3 by default. */
  readonly restarts?: number;
  /** Told what did not go as wanted and was got around; `console.warn` by default. */
  readonly warn?: (message: string) => void;
}

const specs: OptionSpecs<FitInWorkerOptions<unknown>> = {
  args: option.custom('what can be cloned', () => true, { fallback: undefined }),
  workers: option.number({ min: 1, integer: true, fallback: 1 }),
  into: option.custom<LayersModel | null>('a tf.LayersModel', () => true, { fallback: null }),
  signal: fitOptions.signal,
  progress: fitOptions.progress,
  restarts: option.number({ min: 0, integer: true, fallback: 3 }),
  warn: option.fn({ fallback: message => console.warn(message) }),
};

export interface WorkerRun extends FittedRun {
  readonly weights: readonly SentWeight[];
}

/** A worker died: not the training failed, but what it ran in. */
class Died extends Error {}

/**
 * Trains off the main thread: `create` makes a worker whose module calls `serveFit`. The page or program stays free; events, abort and the trained weights
 * travel. With `workers: n`, each of n workers trains on its rows of every batch and the gradients are summed in shared memory: the masks of one worker, and its
 * weights up to the order of sums (batch norm sees the rows of one worker). A worker that dies is replaced, and the run goes on from its last checkpoint, or
 * begins anew with its seed where it has saved none.
 * @example
 * // task.js: serveFit(async ({ rows }) => ({ model, data, options }));
 * const run = await fitInWorker(() => new Worker(new URL('./task.js', import.meta.url), { type: 'module' }), { args: { rows: 1000 }, into: model });
 * @throws OptionError, DataError for wrong options, before anything happens, and for `args` that cannot be cloned; what the task or its training throws, with its
 * class; an Error when workers keep dying
 */
export async function fitInWorker<A>(
  create: () => WorkerLike,
  options: FitInWorkerOptions<A> = {},
): Promise<WorkerRun> {
  const checked = checkOptions<FitInWorkerOptions<unknown>>('fitInWorker', specs, options);
  const { args, signal, restarts, into, warn } = checked;
  if (into) checkModel(into);
  const workers = possible(checked.workers, warn);
  const seed = randomSeed();
  const display = await displayOf(checked.progress);
  let hasSaved = false;
  const saved = (): void => {
    hasSaved = true;
  };
  try {
    for (let died = 0; ; died++) {
      try {
        const life = { create, args, signal, workers, seed, goesOn: hasSaved, tell: display.tell, saved };
        const run = await live(life);
        if (into) setWeights(into, run.weights);
        return run;
      } catch (error) {
        if (!(error instanceof Died)) throw error;
        if (died >= restarts)
          throw new Error(`the worker died ${died + 1} times, the last time because ${error.message}`);
        const next = hasSaved
          ? 'going on from the last checkpoint'
          : 'beginning anew, as the run has no checkpoint yet';
        warn(`a worker died (${error.message}); ${next}`);
      }
    }
  } finally {
    display.stop();
  }
}

/** n, or 1 where workers cannot share memory. */
function possible(workers: number, warn: (message: string) => void): number {
  const isolated = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated !== false;
  if (workers === 1 || (typeof SharedArrayBuffer !== 'undefined' && isolated)) return workers;
  warn(`training on one worker instead of ${workers}: the page must be cross-origin isolated for them to share memory`);
  return 1;
}

interface Life {
  readonly create: () => WorkerLike;
  readonly args: unknown;
  readonly signal: AbortSignal | null;
  readonly workers: number;
  readonly seed: number;
  /** From the last checkpoint of the life before. */
  readonly goesOn: boolean;
  readonly tell: Listener;
  /** Told when there is a checkpoint of this run. */
  readonly saved: () => void;
}

/** One life of the workers: ready, prepared, trained. They are ended on every exit. */
async function live({ create, args, signal, workers: count, seed, goesOn, tell, saved }: Life): Promise<WorkerRun> {
  const workers: WorkerLike[] = [];
  const post = (worker: WorkerLike, message: ToWorker): void => worker.postMessage(message);
  const abort = (): void => {
    for (const worker of workers) post(worker, { type: 'abort' });
  };
  const prepare = (worker: WorkerLike): void => {
    try {
      post(worker, { type: 'prepare', args, goesOn });
    } catch (error) {
      throw uncloneable(error as Error);
    }
  };
  let prepared = 0;
  const train = (floats: number): void => {
    if (++prepared < count) return;
    const shared = count > 1 ? new SharedArrayBuffer(sharedBytes(count, floats)) : undefined;
    const aborted = signal?.aborted ?? false;
    for (const [rank, worker] of workers.entries()) {
      post(worker, { type: 'train', place: { rank, workers: count }, shared, aborted, seed });
    }
    signal?.addEventListener('abort', abort);
  };
  let told: Promise<void> = Promise.resolve();
  try {
    return await new Promise<WorkerRun>((resolve, reject) => {
      for (let rank = 0; rank < count; rank++) {
        const worker = create();
        workers.push(worker);
        const receive = (message: FromWorker): void => {
          if (message.type === 'ready') prepare(worker);
          else if (message.type === 'prepared') train(message.floats);
          else if (message.type === 'event') told = told.then(() => tell(message.event)).catch(reject);
          else if (message.type === 'saved') saved();
          else if (message.type === 'failed') reject(receiveError(message.error));
          else if (rank === 0) void told.then(() => resolve({ ...message.run, weights: message.weights }));
        };
        const guarded = (message: FromWorker): void => {
          try {
            receive(message);
          } catch (error) {
            reject(error);
          }
        };
        listenTo(worker, guarded, why => reject(new Died(why)));
      }
    });
  } finally {
    signal?.removeEventListener('abort', abort);
    for (const worker of workers) worker.terminate();
  }
}

/** The error of a message that cannot be sent. */
function uncloneable({ message }: Error): OptionError {
  const reason = `it is sent to the workers, so it must be cloneable: no functions, models or tensors. ${message}`;
  return new OptionError(messages.optionRejected('fitInWorker', 'args', reason), { option: 'args' });
}

function setWeights(model: LayersModel, sent: readonly SentWeight[]): void {
  const weights = new Map(weightsOf(model).map(w => [w.path, w.variable]));
  for (const { path, shape } of sent) {
    const variable = weights.get(path);
    if (variable && tf.util.arraysEqual(variable.shape, [...shape])) continue;
    const received = variable ? `shape [${variable.shape}]` : 'none';
    throw DataError.of(
      `fitInWorker: weight "${path}" of \`into\``,
      `shape [${shape}], as the worker's model`,
      received,
    );
  }
  tf.tidy(() => {
    for (const { path, shape, data } of sent) {
      const variable = weights.get(path) as tf.Variable;
      variable.assign(tf.tensor(data, [...shape], variable.dtype as 'float32') as tf.Tensor<tf.Rank>);
    }
  });
}
