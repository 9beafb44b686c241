import { DataError, OptionError, weightsOf } from '@keepprob/core';
import { randomSeed } from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { FittedRun } from '../fit.ts';
import { displayOf, type Progress } from '../progress.ts';
import { sharedBytes } from './allReduce.ts';
import { listenTo, type WorkerLike } from './port.ts';
import { type FromWorker, receiveError, type SentWeight, type ToWorker } from './protocol.ts';

export interface FitInWorkerOptions<A> {
  /** Given to the task that the worker makes; must be cloneable. */
  readonly args?: A;
  /** Workers that share every batch by rows; 1 by default. */
  readonly workers?: number;
  /** Gets the trained weights: a model of the same shape. */
  readonly into?: LayersModel;
  readonly signal?: AbortSignal | null;
  readonly progress?: Progress;
  /** How often a run whose worker dies is begun again, from its last checkpoint if the task has a store; 3 by default. */
  readonly restarts?: number;
  /** Told what did not go as wanted and was got around; `console.warn` by default. */
  readonly warn?: (message: string) => void;
}

export interface WorkerRun extends FittedRun {
  readonly weights: readonly SentWeight[];
}

/** A worker died: not the training failed, but what it ran in. */
class Died extends Error {}

/**
 * Trains off the main thread: `create` makes a worker whose module calls `serveFit`. The page or program stays free; events, abort and the trained weights
 * travel. With `workers: n`, each of n workers trains on its rows of every batch and the gradients are summed in shared memory: the masks of one worker, and its
 * weights up to the order of sums (batch norm sees the rows of one worker). A worker that dies is replaced, and the run goes on from its last checkpoint.
 * @example
 * // task.js: serveFit(async ({ rows }) => ({ model, data, options }));
 * const run = await fitInWorker(() => new Worker(new URL('./task.js', import.meta.url), { type: 'module' }), { args: { rows: 1000 }, into: model });
 * @throws what the task or its training throws, with its class; an Error when workers keep dying
 */
export async function fitInWorker<A>(
  create: () => WorkerLike,
  options: FitInWorkerOptions<A> = {},
): Promise<WorkerRun> {
  const { restarts = 3, into, warn = console.warn } = options;
  const workers = checkedWorkers(options.workers ?? 1, warn);
  if (!Number.isSafeInteger(restarts) || restarts < 0)
    throw OptionError.of('fitInWorker', 'restarts', 'an integer ≥ 0', restarts);
  const seed = randomSeed();
  const display = await displayOf(options.progress ?? 'bar');
  try {
    for (let died = 0; ; died++) {
      try {
        const run = await runOnce(create, options, workers, died > 0, seed, display.tell);
        if (into) setWeights(into, run.weights);
        return run;
      } catch (error) {
        if (!(error instanceof Died)) throw error;
        if (died >= restarts)
          throw new Error(`the worker died ${died + 1} times, the last time because ${error.message}`);
        warn(`a worker died (${error.message}); going on from the last checkpoint`);
      }
    }
  } finally {
    display.stop();
  }
}

/** n, or 1 where workers cannot share memory. */
function checkedWorkers(workers: number, warn: (message: string) => void): number {
  if (!Number.isSafeInteger(workers) || workers < 1)
    throw OptionError.of('fitInWorker', 'workers', 'an integer ≥ 1', workers);
  const isolated = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated !== false;
  if (workers === 1 || (typeof SharedArrayBuffer !== 'undefined' && isolated)) return workers;
  warn(`training on one worker instead of ${workers}: the page must be cross-origin isolated for them to share memory`);
  return 1;
}

/** One life of the workers: ready, prepared, trained. They are ended on every exit. */
async function runOnce<A>(
  create: () => WorkerLike,
  { args, signal }: FitInWorkerOptions<A>,
  count: number,
  again: boolean,
  seed: number,
  tell: (event: Extract<FromWorker, { type: 'event' }>['event']) => void | Promise<void>,
): Promise<WorkerRun> {
  const workers: WorkerLike[] = [];
  const post = (worker: WorkerLike, message: ToWorker): void => worker.postMessage(message);
  const abort = (): void => {
    for (const worker of workers) post(worker, { type: 'abort' });
  };
  let told: Promise<void> = Promise.resolve();
  try {
    return await new Promise<WorkerRun>((resolve, reject) => {
      let prepared = 0;
      for (let rank = 0; rank < count; rank++) {
        const worker = create();
        workers.push(worker);
        const receive = (message: FromWorker): void => {
          if (message.type === 'ready') post(worker, { type: 'prepare', args, again });
          else if (message.type === 'prepared') {
            if (++prepared < count) return;
            const shared = count > 1 ? new SharedArrayBuffer(sharedBytes(count, message.floats)) : undefined;
            const aborted = signal?.aborted ?? false;
            for (const [place, w] of workers.entries()) {
              post(w, { type: 'train', place: { rank: place, workers: count }, shared, aborted, seed });
            }
            signal?.addEventListener('abort', abort);
          } else if (message.type === 'event') told = told.then(() => tell(message.event)).catch(reject);
          else if (message.type === 'failed') reject(receiveError(message.error));
          else if (rank === 0) void told.then(() => resolve({ ...message.run, weights: message.weights }));
        };
        listenTo(worker, receive, why => reject(new Died(why)));
      }
    });
  } finally {
    signal?.removeEventListener('abort', abort);
    for (const worker of workers) worker.terminate();
  }
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
