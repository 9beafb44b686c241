/** The data loss and the metrics of one batch. */
import type { Tensors } from '@keepprob/core';
import { type Computation, regularizersOf } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ClassWeights } from '../options.ts';
import type { Objective } from './losses.ts';

interface Labelled {
  readonly x: Tensors;
  readonly y: Tensors;
  readonly sampleWeight?: Tensors;
  /** Labels for the metrics, where they differ from those of the loss. */
  readonly metricY?: Tensors;
}

/** What the model says about a batch, by output. */
export function forward(model: LayersModel, objective: Objective, x: Tensors, training: boolean): Tensors {
  const inputs = objective.inputs.map(name => x[name] as tf.Tensor);
  const outputs = [model.apply(inputs.length === 1 ? (inputs[0] as tf.Tensor) : inputs, { training })].flat();
  return Object.fromEntries(objective.outputs.map((name, i) => [name, outputs[i] as tf.Tensor]));
}

/** Labels of shape [batch] stand for [batch, 1]. */
export const labels = (y: tf.Tensor, prediction: tf.Tensor, sparse: boolean): tf.Tensor =>
  !sparse && y.rank === 1 && prediction.rank === 2 ? tf.expandDims(y, 1) : y;

/**
 * The data loss of each output: the mean over the batch of the per-sample loss. With weights: mean of weight × per-sample loss, as in Keras (the sum is
 * divided by the number of rows, not by the sum of the weights). A weight for each row, or for each row and time step.
 */
function lossesOf(
  objective: Objective,
  batch: Labelled,
  predictions: Tensors,
  classWeight?: ClassWeights,
): tf.Tensor[] {
  return objective.outputs.map((name, i) => {
    const prediction = predictions[name] as tf.Tensor;
    const y = labels(batch.y[name] as tf.Tensor, prediction, objective.sparse[i] as boolean);
    const perSample = (objective.losses[i] as Objective['losses'][number])(y, prediction);
    const weight = weightOf(batch.sampleWeight?.[name], y, prediction, classWeight?.[i]);
    if (!weight) return tf.mean(perSample);
    const axes = perSample.shape.map((_, axis) => axis).slice(weight.rank);
    return tf.mean(tf.mul(axes.length ? tf.mean(perSample, axes) : perSample, weight));
  });
}

/** Σ over outputs of their weight in the loss × their data loss. */
export const dataLoss = (...args: Parameters<typeof lossesOf>): tf.Tensor =>
  lossesOf(...args)
    .map((loss, i) => tf.mul(loss, args[0].lossWeights[i] as number))
    .reduce((sum, loss) => tf.add(sum, loss));

function weightOf(
  sample: tf.Tensor | undefined,
  y: tf.Tensor,
  prediction: tf.Tensor,
  classWeight?: readonly number[],
): tf.Tensor | undefined {
  if (!classWeight) return sample;
  const oneHot = y.rank === prediction.rank && (y.shape.at(-1) ?? 1) > 1;
  const perClass = [...prediction.shape.slice(0, -1)];
  const classes = oneHot ? tf.argMax(y, -1) : tf.reshape(tf.cast(y, 'int32'), perClass);
  const most = Math.max(classWeight.length, prediction.shape.at(-1) ?? 1, 2);
  const table = tf.tensor1d(Array.from({ length: most }, (_, k) => classWeight[k] ?? 1));
  const weight = tf.gather(table, classes);
  return sample
    ? tf.mul(tf.reshape(sample, [...sample.shape, ...weight.shape.slice(sample.rank).fill(1)]), weight)
    : weight;
}

/** The mean of each metric over the batch; where there are several outputs, the data loss of each as well. */
export function metricsOf(objective: Objective, batch: Labelled, predictions: Tensors): Tensors {
  const { outputs } = objective;
  const losses = outputs.length > 1 ? lossesOf(objective, batch, predictions) : [];
  const metrics = objective.metrics.map(({ name, f, output }) => {
    const of = outputs[output] as string;
    const [y, prediction] = [(batch.metricY ?? batch.y)[of] as tf.Tensor, predictions[of] as tf.Tensor];
    return [name, tf.mean(f(labels(y, prediction, objective.sparse[output] as boolean), prediction))] as const;
  });
  return Object.fromEntries([...losses.map((loss, i) => [`${outputs[i]}Loss`, loss] as const), ...metrics]);
}

/** The model and its objective as a step sees them. */
export function computationOf(model: LayersModel, objective: Objective, classWeight: ClassWeights): Computation {
  const regularizers = regularizersOf(model);
  return {
    predict: x => forward(model, objective, x, true),
    loss: (predictions, batch) => dataLoss(objective, batch, predictions, classWeight),
    metrics: (predictions, batch) => metricsOf(objective, batch, predictions),
    penalties: () => regularizers.flatMap(penalties => penalties()),
  };
}
