import { weightsOf } from '@keepprob/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { TrainingData } from '../data/given.ts';
import type { FitEvent } from '../listeners/progress.ts';
import { fitWith } from '../loop/fit.ts';
import { alone, type Partnership } from '../loop/partner.ts';
import type { FitOptions } from '../options.ts';
import { AllReduce } from './allReduce.ts';
import type { Port } from './port.ts';
import { type FromWorker, sendError, type ToWorker } from './protocol.ts';
import { download } from './sentWeights.ts';
import { SCALARS, shareSteps } from './sharedStep.ts';

/** The task of a worker: what to train. */
export interface Task {
  /** The model, built. */
  readonly model: LayersModel;
  /** As in `fit`. */
  readonly data: TrainingData;
  /** The options of `fit`; `signal` and `progress` are taken from `fitInWorker`. */
  readonly options: FitOptions;
}

/**
 * Makes the task from the `args` of `fitInWorker`. It must make the same model and the same data in every worker. All workers start with the weights of the first
 * one.
 */
export type MakeTask<A> = (args: A) => Task | Promise<Task>;

/** Responds to messages on `port`: prepares the task, trains it, and sends events, result and weights. */
export function serve<A>(port: Port<ToWorker, FromWorker>, makeTask: MakeTask<A>): void {
  let task: Promise<{ task: Task; goesOn: boolean }> | undefined;
  const abort = new AbortController();

  const guarded = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      port.post({ type: 'failed', error: sendError(error) });
    }
  };
  port.onMessage(message => {
    if (message.type === 'abort') abort.abort();
    else if (message.type === 'prepare') {
      const { args, goesOn } = message;
      task = (async () => ({ task: await makeTask(args as A), goesOn }))();
      void guarded(async () => {
        const { model } = (await (task as NonNullable<typeof task>)).task;
        const floats = weightsOf(model).reduce((sum, { variable }) => sum + variable.size, SCALARS);
        port.post({ type: 'prepared', floats });
      });
    } else {
      const { place, shared, seed } = message;
      void guarded(async () => {
        const { task: made, goesOn } = await (task as NonNullable<typeof task>);
        const facts = { seed, saved: (step: number) => port.post({ type: 'saved', step }) };
        const reduce = shared && new AllReduce(shared, place.rank, place.workers);
        const partnership = reduce ? shareSteps(reduce, facts) : alone(facts);
        await train(port, made, { goesOn, leads: place.rank === 0, signal: abort.signal, partnership });
      });
    }
  });
  port.post({ type: 'ready' });
}

interface Training {
  readonly goesOn: boolean;
  /** Whether it reports the run's events, for all workers. */
  readonly leads: boolean;
  readonly signal: AbortSignal;
  readonly partnership: Partnership;
}

async function train(
  port: Port<ToWorker, FromWorker>,
  { model, data, options }: Task,
  { goesOn, leads, signal, partnership }: Training,
): Promise<void> {
  const run = await fitWith(partnership, model, data, {
    ...options,
    ...(goesOn && { resume: true }),
    ...(leads
      ? { progress: ({ ...event }: FitEvent) => port.post({ type: 'event', event }) }
      : { progress: false, listeners: [], onYield: null }),
    signal,
  });
  const weights = leads ? await download(model) : [];
  port.post(
    { type: 'done', run, weights },
    weights.map(({ data }) => data.buffer as ArrayBuffer),
  );
}
