/** Both curves with dropout off, on unchanged labels: only those can be compared. */
import type { Moment } from '@keepprob/core';
import { breathe, type Run, regularizersOf } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { disposeBatch } from '../data/arrays.ts';
import type { Order, Source } from '../data/order.ts';
import type { FitOptions } from '../options.ts';
import { Averages } from './averages.ts';
import { inCurve } from './logNames.ts';
import type { Objective } from './losses.ts';
import { dataLoss, forward, metricsOf } from './objective.ts';
import { readScalars } from './readScalars.ts';
import { resetStates } from './stateful.ts';

/** Rows of the training data that are evaluated with dropout off, unless `trainEvaluation` says otherwise. */
const TRAIN_EVALUATION_ROWS = 10_000;
/** The minimum number of rows per forward pass: no gradient is kept, and small batches halve the speed of small nets. */
export const EVALUATION_BATCH = 256;

/** The order of any epoch. */
export type EvaluationOrder = Omit<Order, 'epoch'>;
type Limits = Pick<Required<FitOptions>, 'limitBatches' | 'batchSize'>;

/** `limitBatches` counts training batches; it is converted to rows if these are known, since evaluation has batches of another size. */
export const limits = (
  { rows }: Source,
  { limitBatches, batchSize }: Limits,
): Pick<Order, 'limit' | 'limitBatches'> => {
  if (limitBatches === null) return {};
  return rows === undefined ? { limitBatches } : { limit: limitBatches * batchSize };
};

/** @param fixed the number of rows of every batch, if the model fixes it */
export const evaluationOrder = (source: Source, options: Limits, fixed: number | undefined): EvaluationOrder => ({
  batchSize: fixed ?? Math.max(options.batchSize, EVALUATION_BATCH),
  ...limits(source, options),
});

/** The training rows that are evaluated with dropout off; undefined for none. */
export function cleanOrder(
  train: Source,
  options: Limits & Pick<Required<FitOptions>, 'trainEvaluation' | 'stepsPerEpoch'>,
  fixed: number | undefined,
): EvaluationOrder | undefined {
  const { trainEvaluation, stepsPerEpoch } = options;
  if (trainEvaluation === false || !train.repeatable) return undefined;
  const order = evaluationOrder(train, options, fixed);
  const wanted = trainEvaluation === true ? TRAIN_EVALUATION_ROWS : trainEvaluation;
  const rows = Math.min(order.limit ?? Infinity, wanted, train.rows ?? Infinity);
  // a stream may be endless: take no more of it than an epoch trains on, unless a number was given
  const ofEpoch = trainEvaluation === true && stepsPerEpoch !== null && { limitBatches: stepsPerEpoch };
  return { ...order, ...ofEpoch, limit: fixed === undefined ? rows : Math.max(fixed, rows - (rows % fixed)) };
}

/** The model and the objective to evaluate. */
export interface Subject {
  readonly model: LayersModel;
  readonly objective: Objective;
}

/** What may end an evaluation before its last batch. */
export interface Cut {
  /** Ends the wait for a batch. */
  readonly until?: AbortSignal;
  /** Called before each batch. */
  holds(): boolean;
}

/** valLoss, valPenalty, valCost and a val… of each metric; undefined if it was cut short. */
export async function validationCurve(
  subject: Subject,
  validation: Source,
  order: Order,
  cut: Cut,
  run: Run,
  at: Moment,
): Promise<Record<string, number> | undefined> {
  const measured = await evaluate(subject, validation, order, cut);
  if (!measured) return undefined;
  const { loss = Number.NaN, ...metrics } = measured;
  const [penalty = Number.NaN] = tf.tidy(() => {
    const regularizers = regularizersOf(subject.model).flatMap(penalties => penalties());
    return regularizers.reduce<tf.Tensor>((sum, p) => tf.add(sum, p), run.penalty(at)).dataSync();
  });
  return prefixed('val', { loss, penalty, cost: loss + penalty, ...metrics });
}

/** @returns `loss` and each metric, means over rows; undefined if it was cut short */
export async function evaluate(
  { model, objective }: Subject,
  source: Source,
  order: Order,
  { until, holds }: Cut,
): Promise<Record<string, number> | undefined> {
  const averages = new Averages();
  resetStates(model);
  for await (const batch of source.batches({ ...order, ...(until && { until }) })) {
    try {
      if (holds()) return undefined;
      const scalars = tf.tidy(() => {
        const predictions = forward(model, objective, batch.x, false);
        return { loss: dataLoss(objective, batch, predictions), ...metricsOf(objective, batch, predictions) };
      });
      averages.add(batch.rows, await readScalars(scalars));
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
