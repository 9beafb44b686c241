/** The data loss and the metrics of one batch. */
import type { Tensors } from '@keepprob/core';
import { type Computation, regularizersOf } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ClassWeights } from '../classWeights.ts';
import { tensorOf } from '../data/arrays.ts';
import type { Objective, Target } from './losses.ts';
import { maskOf, withMasks } from './masks.ts';
import { combined, meanOf, weightOfClasses } from './weighting.ts';

interface Labelled {
  readonly x: Tensors;
  readonly y: Tensors;
  readonly sampleWeight?: Tensors;
  /** Labels for the metrics, if they differ from those of the loss. */
  readonly metricY?: Tensors;
}

/** The predictions of the model for a batch, by output. */
export function forward(model: LayersModel, objective: Objective, x: Tensors, training: boolean): Tensors {
  const inputs = objective.inputs.map(name => tensorOf(x, name));
  const apply = () => [model.apply(inputs.length > 1 ? inputs : (inputs[0] ?? []), { training })].flat() as tf.Tensor[];
  const outputs = withMasks(objective.maskable, apply);
  return Object.fromEntries(objective.outputs.flatMap((name, i) => outputs.slice(i, i + 1).map(y => [name, y])));
}

/** Labels of shape [batch] are treated as [batch, 1]. */
export const labels = (y: tf.Tensor, prediction: tf.Tensor, { sparse }: Target): tf.Tensor =>
  !sparse && y.rank === 1 && prediction.rank === 2 ? tf.expandDims(y, 1) : y;

/**
 * The data loss of each output: the mean over the batch of the per-sample loss, or of weight × per-sample loss. There is a weight for each row, or for each row and
 * time step. If a mask reaches the output, the mean is over what the mask keeps.
 */
function lossesOf(
  { targets }: Objective,
  batch: Labelled,
  predictions: Tensors,
  classWeight?: ClassWeights,
): tf.Tensor[] {
  return targets.map((target, i) => {
    const prediction = tensorOf(predictions, target.name);
    const y = labels(tensorOf(batch.y, target.name), prediction, target);
    const weights = classWeight?.[i];
    const weight = combined(batch.sampleWeight?.[target.name], weights && weightOfClasses(y, prediction, weights));
    return meanOf({ name: target.name, f: target.loss }, y, prediction, { weight, mask: maskOf(prediction) });
  });
}

/** Σ over outputs of their weight in the loss × their data loss. */
export const dataLoss = (...args: Parameters<typeof lossesOf>): tf.Tensor =>
  lossesOf(...args)
    .map((loss, i) => tf.mul(loss, args[0].targets[i]?.weight ?? 1))
    .reduce((sum, loss) => tf.add(sum, loss));

/** The mean of each metric over the batch, or over what a mask keeps of it; with several outputs, also the data loss of each. */
export function metricsOf(objective: Objective, batch: Labelled, predictions: Tensors): Tensors {
  const { outputs } = objective;
  const losses = outputs.length > 1 ? lossesOf(objective, batch, predictions) : [];
  const metrics = objective.metrics.map(({ name, f, target }) => {
    const y = tensorOf(batch.metricY ?? batch.y, target.name);
    const prediction = tensorOf(predictions, target.name);
    const mean = meanOf({ name: target.name, f }, labels(y, prediction, target), prediction, {
      option: 'metrics',
      mask: maskOf(prediction),
    });
    return [name, mean] as const;
  });
  return Object.fromEntries([...losses.map((loss, i) => [`${outputs[i]}Loss`, loss] as const), ...metrics]);
}

/** The number of rows or time steps over which each output's loss is a mean, if a mask reaches one; above 0, so that it can be a divisor. */
function countedBy({ targets }: Objective, predictions: Tensors): tf.Tensor | undefined {
  const given = targets.map(({ name }) => tensorOf(predictions, name));
  if (!given.some(maskOf)) return undefined;
  const counts = given.map(prediction => {
    const mask = maskOf(prediction);
    return mask ? tf.maximum(tf.sum(tf.cast(mask, 'float32')), 1e-20) : tf.scalar(prediction.shape[0] ?? 1);
  });
  return counts.length > 1 ? tf.stack(counts) : counts[0];
}

/** The model and its objective in the form that a step needs. */
export function computationOf(model: LayersModel, objective: Objective, classWeight: ClassWeights): Computation {
  const regularizers = regularizersOf(model);
  return {
    predict: x => forward(model, objective, x, true),
    loss: (predictions, batch) => dataLoss(objective, batch, predictions, classWeight),
    metrics: (predictions, batch) => metricsOf(objective, batch, predictions),
    counted: predictions => countedBy(objective, predictions),
    penalties: () => regularizers.flatMap(penalties => penalties()),
  };
}
