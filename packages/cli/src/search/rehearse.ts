/** Finds errors before anything is written: makes a model for each value of a space, and takes a step with one of them. */
import { weightsOf } from '@keepprob/core';
import { checkLog } from '@keepprob/core/driver';
import { fit } from '@keepprob/trainer';
import { scaled } from '@keepprob/trainer/table';
import * as tf from '@tensorflow/tfjs';
import type { JsonConfig, Training } from '../config/config.ts';
import { scalingOf } from '../data/scale.ts';
import { trainingOf } from '../run/training.ts';
import type { Searched } from './readConfig.ts';
import type { SearchRows } from './rows.ts';

/**
 * @throws OptionError for values that layers, plugins or the optimizer refuse, and for a metric that no trial will have; errors of `fit` for a model and rows that
 * do not go together
 */
export async function rehearse({ owner, samples }: Searched, rows: SearchRows, metric: string): Promise<void> {
  for (const sample of samples.slice(1)) await made(owner, sample, rows, async () => undefined);
  const logs = await logsOf(owner, samples[0], rows, true);
  const ofValidation = logs.filter(log => log.startsWith('val'));
  checkLog(owner, 'search.metric', metric, ofValidation);
}

/** Whether `keepprob train` needs validation rows to train it, as for early stopping. */
export async function needsValidation(owner: string, config: JsonConfig, rows: SearchRows): Promise<boolean> {
  return logsOf(owner, config, rows, false).then(
    () => false,
    () => true,
  );
}

/** The logs of a run with one batch of everything. */
const logsOf = (owner: string, config: JsonConfig, rows: SearchRows, isValidated: boolean): Promise<string[]> =>
  made(owner, config, rows, async ({ model, options }) => {
    const { data, scale } = rows;
    const x = scale ? scaled(data.x, scalingOf(scale, data.x)) : data.x;
    const { checkpoint: _, ...others } = options;
    const run = await fit(
      model,
      { x, y: data.y },
      { ...others, ...(isValidated && { validation: { x, y: data.y } }), fastDevRun: true, progress: false },
    );
    return Object.keys(run.history);
  });

async function made<T>(
  owner: string,
  config: JsonConfig,
  { data }: SearchRows,
  use: (training: Pick<Training, 'model' | 'options'>) => Promise<T>,
): Promise<T> {
  const training = await trainingOf(owner, config, { seed: 0, inputShape: data.x.shape.slice(1) });
  try {
    return await use(training);
  } finally {
    tf.dispose(weightsOf(training.model).map(({ variable }) => variable));
    if (typeof training.options.optimizer !== 'string') training.options.optimizer.dispose();
  }
}
