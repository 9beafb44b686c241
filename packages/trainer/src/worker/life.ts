/** One lifetime of the workers that train together: ready, prepared, trained. */
import { OptionError } from '@keepprob/core';
import type { Listener } from '../listeners/progress.ts';
import type { FittedRun } from '../loop/fit.ts';
import * as messages from '../messages.ts';
import { sharedBytes } from './allReduce.ts';
import { type Grace, graceTime } from './grace.ts';
import { isWorker, listenTo, type WorkerLike } from './port.ts';
import { type FromWorker, receiveError, type SentWeight, type ToWorker } from './protocol.ts';

/** What `fitInWorker` returns. */
export interface WorkerRun extends FittedRun {
  /** The trained weights; empty if the run was aborted before it began. */
  readonly weights: readonly SentWeight[];
}

/** A worker died: not the training failed, but the worker in which it ran. */
export class Died extends Error {}

export interface Life {
  readonly create: () => WorkerLike;
  readonly args: unknown;
  readonly signal: AbortSignal | null;
  readonly workers: number;
  readonly seed: number;
  /** Whether to resume from the last checkpoint of the previous lifetime. */
  readonly goesOn: boolean;
  readonly tell: Listener;
  /** The most milliseconds of silence after an abort. */
  readonly grace: number;
  /** Called for each checkpoint of this run, with its update. */
  readonly saved: (step: number) => void;
  /** The error of a run whose workers do not answer. */
  readonly silent: () => Error;
}

/**
 * Runs the workers, and terminates them on every exit. Until the first of them reports that the run has begun, an abort terminates them at once: they may be
 * loading, preparing, or waiting for each other, and cannot receive it. After that, they finish the step in progress themselves, unless they are silent for longer
 * than `grace`.
 * @throws Died; whatever the task or its training throws; BackendError if they do not answer
 */
export async function live(life: Life): Promise<WorkerRun> {
  const { signal } = life;
  if (signal?.aborted) return unbegun(life);
  const workers: WorkerLike[] = [];
  let leave: () => void = () => undefined;
  let grace: Grace | undefined;
  let hasBegun = false;
  const abort = (): void => {
    if (!hasBegun) leave();
    else {
      for (const worker of workers) post(worker, { type: 'abort' });
      grace?.begin();
    }
  };
  try {
    return await new Promise<WorkerRun>((resolve, reject) => {
      leave = () => resolve(unbegun(life));
      grace = graceTime(life.grace, () => reject(life.silent()));
      signal?.addEventListener('abort', abort);
      const begun = (): void => {
        hasBegun = true;
      };
      const receive = conversation(life, workers, { begun, resolve, reject });
      for (let rank = 0; rank < life.workers; rank++) {
        const worker = life.create();
        if (!isWorker(worker)) throw OptionError.of('fitInWorker', 'create', 'a function that makes a Worker', worker);
        workers.push(worker);
        listenTo<FromWorker>(
          worker,
          message => {
            grace?.heard();
            try {
              receive(worker, message);
            } catch (error) {
              reject(error);
            }
          },
          why => reject(new Died(why)),
        );
      }
    });
  } finally {
    signal?.removeEventListener('abort', abort);
    grace?.stop();
    // anything that they hold, such as a store, is free when they are gone
    await Promise.all(workers.map(worker => worker.terminate()));
  }
}

/** The result of a run that was aborted before it began. */
const unbegun = ({ seed }: Life): WorkerRun => ({
  history: {},
  gap: Number.NaN,
  stopped: 'aborted',
  epochs: 0,
  steps: 0,
  seed,
  weights: [],
});

interface Ends {
  /** Called when the run has begun. */
  begun(): void;
  resolve(run: WorkerRun): void;
  reject(error: unknown): void;
}

/** Handles each message of a worker. Training starts when all are prepared; the result of the first one is that of the run. */
function conversation(
  life: Life,
  workers: readonly WorkerLike[],
  { begun, resolve, reject }: Ends,
): (worker: WorkerLike, message: FromWorker) => void {
  let prepared = 0;
  let told: Promise<void> = Promise.resolve();
  return (worker, message) => {
    switch (message.type) {
      case 'ready':
        return prepare(worker, life);
      case 'prepared':
        if (++prepared < life.workers) return;
        return train(workers, life, message.floats);
      case 'event':
        begun();
        told = told.then(() => life.tell(message.event)).catch(reject);
        return;
      case 'saved':
        return life.saved(message.step);
      case 'failed':
        return reject(receiveError(message.error));
      case 'done':
        if (worker === workers[0]) void told.then(() => resolve({ ...message.run, weights: message.weights }));
    }
  };
}

const post = (worker: WorkerLike, message: ToWorker): void => worker.postMessage(message);

function prepare(worker: WorkerLike, { args, goesOn }: Life): void {
  try {
    post(worker, { type: 'prepare', args, goesOn });
  } catch (error) {
    throw uncloneable(error as Error);
  }
}

/** @param floats how many numbers they add up in each step */
function train(workers: readonly WorkerLike[], { seed }: Life, floats: number): void {
  const count = workers.length;
  const shared = count > 1 ? new SharedArrayBuffer(sharedBytes(count, floats)) : undefined;
  for (const [rank, worker] of workers.entries()) {
    post(worker, { type: 'train', place: { rank, workers: count }, shared, seed });
  }
}

/** The error for a message that cannot be sent. */
function uncloneable({ message }: Error): OptionError {
  const reason = `it is sent to the workers, so it must be cloneable: no functions, models or tensors. ${message}`;
  return new OptionError(messages.optionRejected('fitInWorker', 'args', reason), { option: 'args' });
}
