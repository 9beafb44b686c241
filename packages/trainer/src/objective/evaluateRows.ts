/** The loss and the metrics of each row by itself, with dropout off: what paired comparisons and bootstraps are made of. */
import { checkOptions, type OptionSpecs } from '@keepprob/core';
import { breathe, checkModel } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { disposeBatch, type OwnedBatch } from '../data/arrays.ts';
import { layoutOf } from '../data/layout.ts';
import { openSource, type TrainingData } from '../data/source.ts';
import { type FitOptions, fitOptions } from '../options.ts';
import { EVALUATION_BATCH } from './evaluate.ts';
import { type Objective, resolveObjective } from './losses.ts';
import { forward, labels } from './objective.ts';

export type EvaluateRowsOptions = Pick<FitOptions, 'loss' | 'lossWeights' | 'metrics' | 'batchSize' | 'signal'>;

/** `loss`, and each metric by its name: one number per row, in the order of the data. */
export type RowEvaluation = Readonly<{ loss: Float32Array } & Record<string, Float32Array>>;

const { loss, lossWeights, metrics, batchSize, signal } = fitOptions;
const specs: OptionSpecs<EvaluateRowsOptions> = { loss, lossWeights, metrics, batchSize, signal };

/**
 * What the model says about each row. `loss` is the data loss, without penalties and weights of rows: its mean is `valLoss` of `fit`.
 * @throws OptionError, DataError as `fit` does; the reason of `signal` when it is aborted
 */
export async function evaluateRows(
  model: LayersModel,
  data: TrainingData,
  options: EvaluateRowsOptions,
): Promise<RowEvaluation> {
  const checked = checkOptions<EvaluateRowsOptions>('evaluateRows', specs, options);
  checkModel(model);
  const optimizer = tf.train.sgd(0);
  const parts = new Map<string, Float32Array[]>();
  try {
    const objective = resolveObjective(model, { ...checked, optimizer });
    const source = await openSource('data', data, layoutOf(model, objective));
    try {
      for await (const batch of source.batches({
        epoch: 0,
        batchSize: Math.max(checked.batchSize, EVALUATION_BATCH),
      })) {
        try {
          checked.signal?.throwIfAborted();
          const rows = tf.tidy(() => rowsOf(model, objective, batch));
          const values = await Promise.all(Object.values(rows).map(t => t.data<'float32'>()));
          Object.keys(rows).forEach((name, i) => {
            parts.set(name, [...(parts.get(name) ?? []), values[i] as Float32Array]);
          });
          tf.dispose(rows);
        } finally {
          disposeBatch(batch);
        }
        await breathe();
      }
    } finally {
      source.dispose();
    }
  } finally {
    optimizer.dispose();
  }
  return Object.fromEntries([...parts].map(([name, list]) => [name, joined(list)])) as RowEvaluation;
}

/** Shape [rows] each. */
function rowsOf(model: LayersModel, objective: Objective, batch: OwnedBatch): tf.NamedTensorMap {
  const predictions = forward(model, objective, batch.x, false);
  const each = (f: Objective['losses'][number], output: number): tf.Tensor => {
    const name = objective.outputs[output] as string;
    const prediction = predictions[name] as tf.Tensor;
    const value = f(labels(batch.y[name] as tf.Tensor, prediction, objective.sparse[output] as boolean), prediction);
    const axes = value.shape.map((_, axis) => axis).slice(1);
    return tf.cast(axes.length ? tf.mean(value, axes) : value, 'float32');
  };
  const loss = objective.losses
    .map((f, output) => tf.mul(each(f, output), objective.lossWeights[output] as number))
    .reduce((sum, l) => tf.add(sum, l));
  return { loss, ...Object.fromEntries(objective.metrics.map(({ name, f, output }) => [name, each(f, output)])) };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
