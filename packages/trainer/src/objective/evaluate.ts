/** Both curves with dropout off, on labels as they are: only those can be compared. */
import type { Moment } from '@keepprob/core';
import { breathe, type Run, regularizersOf } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { disposeBatch } from '../data/arrays.ts';
import type { Order, Source } from '../data/source.ts';
import type { FitOptions } from '../options.ts';
import { Averages } from './averages.ts';
import { inCurve } from './logNames.ts';
import type { Objective } from './losses.ts';
import { dataLoss, forward, metricsOf } from './objective.ts';

/** Rows of the training data that are evaluated with dropout off, unless `trainEvaluation` says otherwise. */
const TRAIN_EVALUATION_ROWS = 10_000;
/** Rows per forward pass, at least: no gradient is kept, and small batches halve the speed of small nets. */
export const EVALUATION_BATCH = 256;

/** Of any epoch. */
export type EvaluationOrder = Omit<Order, 'epoch'>;
type Limits = Pick<Required<FitOptions>, 'limitBatches' | 'batchSize'>;

/** `limitBatches` of the training batches, as rows where rows are known: evaluation has batches of another size. */
export const limits = (
  { rows }: Source,
  { limitBatches, batchSize }: Limits,
): Pick<Order, 'limit' | 'limitBatches'> => {
  if (limitBatches === null) return {};
  return rows === undefined ? { limitBatches } : { limit: limitBatches * batchSize };
};

export const evaluationOrder = (source: Source, options: Limits): EvaluationOrder => ({
  batchSize: Math.max(options.batchSize, EVALUATION_BATCH),
  ...limits(source, options),
});

/** The training rows that are evaluated with dropout off; undefined for none. */
export function cleanOrder(
  train: Source,
  options: Limits & Pick<Required<FitOptions>, 'trainEvaluation'>,
): EvaluationOrder | undefined {
  const { trainEvaluation } = options;
  if (trainEvaluation === false || !train.repeatable) return undefined;
  const order = evaluationOrder(train, options);
  const rows = trainEvaluation === true ? TRAIN_EVALUATION_ROWS : trainEvaluation;
  return { ...order, limit: Math.min(order.limit ?? Infinity, rows) };
}

/** valLoss, valPenalty, valCost and a val… of each metric. */
export async function devCurve(
  model: LayersModel,
  objective: Objective,
  dev: Source,
  order: Order,
  run: Run,
  at: Moment,
): Promise<Record<string, number>> {
  const { loss, ...metrics } = (await evaluate(model, objective, dev, order)) as { loss: number };
  const penalty = tf.tidy(() => {
    const regularizers = regularizersOf(model).flatMap(penalties => penalties());
    const all = regularizers.reduce<tf.Tensor>((sum, p) => tf.add(sum, p), run.penalty(at));
    return all.dataSync()[0] as number;
  });
  return prefixed('val', { loss, penalty, cost: loss + penalty, ...metrics });
}

/** @returns `loss` and each metric, means over rows */
export async function evaluate(
  model: LayersModel,
  objective: Objective,
  source: Source,
  order: Order,
): Promise<Record<string, number>> {
  const averages = new Averages();
  for await (const batch of source.batches(order)) {
    try {
      let names: string[] = [];
      const all = tf.tidy(() => {
        const predictions = forward(model, objective, batch.x, false);
        const loss = dataLoss(objective, batch, predictions);
        const scalars = { loss, ...metricsOf(objective, batch, predictions) };
        names = Object.keys(scalars);
        return tf.stack(Object.values(scalars));
      });
      const values = await all.data();
      all.dispose();
      averages.add(batch.rows, Object.fromEntries(names.map((name, i) => [name, values[i] as number])));
    } finally {
      disposeBatch(batch);
    }
    await breathe();
  }
  return averages.means();
}

/** `accuracy` becomes `valAccuracy`. */
export const prefixed = (prefix: string, logs: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(logs).map(([name, value]) => [inCurve(prefix, name), value]));
