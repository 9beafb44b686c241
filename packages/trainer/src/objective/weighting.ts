/** Weights of rows, of time steps and of classes in a data loss. */
import { OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import * as messages from '../messages.ts';
import type { Target } from './losses.ts';

/** The tensor with axes of size 1 behind its own, for one of this rank. */
export const broadcastTo = (t: tf.Tensor, rank: number): tf.Tensor =>
  t.rank >= rank ? t : tf.reshape(t, [...t.shape, ...Array<number>(rank - t.rank).fill(1)]);

/** Classes that weights are known for: those of the output, those that are named, and two at least. */
export const classesWeighed = (weights: readonly number[], units: number): number => Math.max(weights.length, units, 2);

/**
 * The weight of each row or time step by its class: the largest entry of one-hot labels, otherwise the label itself, rounded as in Keras, so that soft binary
 * labels have the class that they are nearest to.
 */
export function weightOfClasses(y: tf.Tensor, prediction: tf.Tensor, weights: readonly number[]): tf.Tensor {
  const isOneHot = y.rank === prediction.rank && (y.shape.at(-1) ?? 1) > 1;
  const classes = classesWeighed(weights, prediction.shape.at(-1) ?? 1);
  const table = tf.tensor1d(Array.from({ length: classes }, (_, k) => weights[k] ?? 1));
  if (isOneHot) return tf.gather(table, tf.argMax(y, -1));
  // a row of no weight may have any label
  const label = tf.clipByValue(tf.round(tf.cast(y, 'float32')), 0, classes - 1);
  return tf.gather(table, tf.cast(tf.reshape(label, prediction.shape.slice(0, -1)), 'int32'));
}

/** The product of weights of rows and weights of classes; undefined for neither. */
export function combined(sample: tf.Tensor | undefined, ofClass: tf.Tensor | undefined): tf.Tensor | undefined {
  if (!sample || !ofClass) return sample ?? ofClass;
  return tf.mul(broadcastTo(sample, ofClass.rank), ofClass);
}

/**
 * mean(weight × per-sample loss), as in Keras: the sum is divided by the number of rows (and time steps), not by the sum of the weights. What has the
 * weight 0 is not computed with, so that nothing it may hold, NaN neither, reaches the loss or a gradient.
 * @throws OptionError for a loss that does not tell rows apart
 */
export function weightedMean(target: Target, y: tf.Tensor, prediction: tf.Tensor, weight: tf.Tensor): tf.Tensor {
  const counts = tf.notEqual(weight, 0);
  const perSample = target.loss(counted(y, counts), counted(prediction, counts));
  checkPerSample('fit', 'loss', target, perSample, weight.shape);
  const axes = perSample.shape.map((_, axis) => axis).slice(weight.rank);
  const each = axes.length ? tf.mean(perSample, axes) : perSample;
  return tf.mean(tf.where(counts, tf.mul(each, weight), tf.zerosLike(each)));
}

/** The tensor with the first row (or time step) that counts in the place of each that does not. */
function counted(t: tf.Tensor, counts: tf.Tensor): tf.Tensor {
  if (t.rank < counts.rank) return t;
  const flat = tf.reshape(tf.cast(counts, 'int32'), [-1]);
  const isFirst = tf.equal(tf.range(0, counts.size, 1, 'int32'), tf.argMax(flat, 0));
  // by sums, not slices: which one is the first is known on the device alone
  const lead = counts.shape.map((_, axis) => axis);
  const one = broadcastTo(tf.reshape(isFirst, counts.shape), t.rank);
  const another = tf.sum(tf.where(one, t, tf.zerosLike(t)), lead, true);
  return tf.where(broadcastTo(counts, t.rank), t, tf.cast(another, t.dtype));
}

/** @throws OptionError for a loss that gives one number for a batch, or numbers of other things than rows */
export function checkPerSample(
  owner: string,
  option: 'loss' | 'metrics',
  { name }: Target,
  value: tf.Tensor,
  shape: readonly number[],
): void {
  if (shape.every((size, axis) => value.shape[axis] === size)) return;
  throw new OptionError(messages.perSample(owner, option, name, shape, value.shape), { option });
}
