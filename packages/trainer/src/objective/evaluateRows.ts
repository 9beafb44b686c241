/** The loss and the metrics of each individual row, with dropout off, for paired comparisons and bootstraps. */
import { checkOptions, type OptionSpecs } from '@keepprob/core';
import { breathe, checkModel } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { disposeBatch, type OwnedBatch, tensorOf } from '../data/arrays.ts';
import type { TrainingData } from '../data/given.ts';
import { type Layout, layoutOf } from '../data/layout.ts';
import { checkOrder } from '../data/order.ts';
import { checkKind, openSource } from '../data/source.ts';
import { type FitOptions, fitOptions } from '../options.ts';
import { EVALUATION_BATCH, type Subject } from './evaluate.ts';
import { type Objective, resolveObjective, type Target } from './losses.ts';
import { maskOf } from './masks.ts';
import { forward, labels } from './objective.ts';
import { resetStates } from './stateful.ts';
import { checkPerSample, overRest, shareKept } from './weighting.ts';

/** Options of `evaluateRows`. */
export type EvaluateRowsOptions = Pick<FitOptions, 'loss' | 'lossWeights' | 'metrics' | 'batchSize' | 'signal'>;

/** `loss`, and each metric by its name: one number per row, in the order of the data. */
export type RowEvaluation = Readonly<{ loss: Float32Array } & Record<string, Float32Array>>;

const { loss, lossWeights, metrics, batchSize, signal } = fitOptions;
const specs: OptionSpecs<EvaluateRowsOptions> = { loss, lossWeights, metrics, batchSize, signal };

/**
 * The loss and the metrics of each row. `loss` is the data loss, without penalties and row weights: its mean is the `valLoss` of `fit`. If a mask
 * reaches an output, the loss and metrics of a row are means over the time steps that the mask keeps in that row, and 0 if it keeps none; `valLoss` is
 * the mean over those of a batch.
 * @example
 * const { loss, accuracy } = await evaluateRows(model, { x, y }, { loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
 * const worst = [...loss.keys()].sort((a, b) => loss[b] - loss[a]).slice(0, 10);
 * @throws OptionError, DataError as `fit` does, and for a loss or metric that returns one number for a batch; the reason of `signal` when it is aborted
 */
export async function evaluateRows(
  model: LayersModel,
  data: TrainingData,
  options: EvaluateRowsOptions,
): Promise<RowEvaluation> {
  checkModel(model, 'evaluateRows');
  checkKind('evaluateRows: data', data);
  const checked = checkOptions<EvaluateRowsOptions>('evaluateRows', specs, options);
  const optimizer = tf.train.sgd(0);
  try {
    const objective = resolveObjective('evaluateRows', model, { ...checked, optimizer });
    const parts = await partsOf({ model, objective }, data, layoutOf(model, objective), checked);
    const all = Object.fromEntries([...parts].map(([name, list]) => [name, joined(list)]));
    return { loss: new Float32Array(), ...all };
  } finally {
    optimizer.dispose();
  }
}

type Parts = ReadonlyMap<string, readonly Float32Array[]>;

/** The values of each batch, from one pass. */
async function partsOf(
  subject: Subject,
  data: TrainingData,
  layout: Layout,
  { batchSize, signal }: Pick<Required<EvaluateRowsOptions>, 'batchSize' | 'signal'>,
): Promise<Parts> {
  const parts = new Map<string, Float32Array[]>();
  const source = await openSource('evaluateRows: data', data, layout);
  try {
    const order = {
      batchSize: layout.batchSize ?? Math.max(batchSize, EVALUATION_BATCH),
      ...(signal && { until: signal }),
    };
    checkOrder('evaluateRows: data', source, order, layout.batchSize);
    resetStates(subject.model);
    for await (const batch of source.batches({ ...order, epoch: 0 })) {
      try {
        signal?.throwIfAborted();
        for (const [name, values] of await measured(subject, batch))
          parts.set(name, [...(parts.get(name) ?? []), values]);
      } finally {
        disposeBatch(batch);
      }
      await breathe();
    }
  } finally {
    source.dispose();
  }
  return parts;
}

async function measured(
  { model, objective }: Subject,
  batch: OwnedBatch,
): Promise<(readonly [string, Float32Array])[]> {
  const rows = tf.tidy(() => rowsOf(model, objective, batch));
  try {
    return await Promise.all(Object.entries(rows).map(async ([name, t]) => [name, await t.data<'float32'>()] as const));
  } finally {
    tf.dispose(rows);
  }
}

/** Tensors of shape [rows]. */
function rowsOf(model: LayersModel, objective: Objective, batch: OwnedBatch): tf.NamedTensorMap {
  const predictions = forward(model, objective, batch.x, false);
  const each = (option: 'loss' | 'metrics', f: Target['loss'], target: Target): tf.Tensor => {
    const prediction = tensorOf(predictions, target.name);
    const value = f(labels(tensorOf(batch.y, target.name), prediction, target), prediction);
    const mask = maskOf(prediction);
    checkPerSample('evaluateRows', option, target, value, mask?.shape ?? [batch.rows], mask && 'masks');
    return mask ? meanOfKept(tf.cast(value, 'float32'), mask) : tf.cast(overRest(value, 1), 'float32');
  };
  const loss = objective.targets
    .map(target => tf.mul(each('loss', target.loss, target), target.weight))
    .reduce((sum, l) => tf.add(sum, l));
  return {
    loss,
    ...Object.fromEntries(objective.metrics.map(({ name, f, target }) => [name, each('metrics', f, target)])),
  };
}

/** For each row, the mean over what the mask keeps; 0 if it keeps nothing. */
function meanOfKept(value: tf.Tensor, mask: tf.Tensor): tf.Tensor {
  const each = overRest(value, mask.rank);
  const kept = overRest(tf.where(mask, each, tf.zerosLike(each)), 1);
  return mask.rank > 1 ? tf.div(kept, shareKept(mask, range(1, mask.rank))) : kept;
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
