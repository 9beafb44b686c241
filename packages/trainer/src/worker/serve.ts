import { weightsOf } from '@keepprob/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { TrainingData } from '../data.ts';
import { fit } from '../fit.ts';
import type { FitOptions } from '../options.ts';
import type { FitEvent } from '../progress.ts';
import { AllReduce } from './allReduce.ts';
import type { Port } from './port.ts';
import { type FromWorker, type SentWeight, sendError, type ToWorker } from './protocol.ts';
import { type Partner, SCALARS, shareSteps } from './sharedStep.ts';

/** What a worker trains. */
export interface Task {
  readonly model: LayersModel;
  readonly data: TrainingData;
  /** `signal` and `progress` are those of `fitInWorker`. */
  readonly options: FitOptions;
}

/** Makes the task from the `args` of `fitInWorker`: in every worker the same model and the same data. Weights start as those of the first worker. */
export type MakeTask<A> = (args: A) => Task | Promise<Task>;

/** Answers on `port`: prepares the task, trains it, and sends events, result and weights. */
export function serve<A>(port: Port<ToWorker, FromWorker>, makeTask: MakeTask<A>): void {
  let task: Promise<{ task: Task; again: boolean }> | undefined;
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
      const { args, again } = message;
      task = (async () => ({ task: await makeTask(args as A), again }))();
      void guarded(async () => {
        const { model } = (await (task as NonNullable<typeof task>)).task;
        const floats = weightsOf(model).reduce((sum, { variable }) => sum + variable.size, SCALARS);
        port.post({ type: 'prepared', floats });
      });
    } else {
      const { place, shared, aborted, seed } = message;
      if (aborted) abort.abort();
      void guarded(async () => {
        const { task: made, again } = await (task as NonNullable<typeof task>);
        const reduce = shared && new AllReduce(shared, place.rank, place.workers);
        const partner = reduce && shareSteps({ reduce, seed, wantsStop: () => abort.signal.aborted, stopped: aborted });
        await train(port, made, { again, signal: abort.signal, partner });
      });
    }
  });
  port.post({ type: 'ready' });
}

async function train(
  port: Port<ToWorker, FromWorker>,
  { model, data, options }: Task,
  { again, signal, partner }: { again: boolean; signal: AbortSignal; partner: Partner | undefined },
): Promise<void> {
  const leads = partner?.leads ?? true;
  const run = await fit(
    model,
    data,
    {
      ...options,
      ...(again && options.checkpoint && !options.resume && { resume: true }),
      signal,
      listeners: leads ? (options.listeners ?? []) : [],
      progress: leads ? ({ ...event }: FitEvent) => port.post({ type: 'event', event }) : false,
    },
    partner,
  );
  const weights = leads ? await download(model) : [];
  port.post(
    { type: 'done', run, weights },
    weights.map(({ data }) => data.buffer as ArrayBuffer),
  );
}

const download = (model: LayersModel): Promise<SentWeight[]> =>
  Promise.all(
    weightsOf(model).map(async ({ path, variable }): Promise<SentWeight> => {
      // a copy: the cpu backend hands out the very numbers of the variable
      const data = (await variable.data()).slice() as SentWeight['data'];
      return { path, shape: variable.shape, data };
    }),
  );
