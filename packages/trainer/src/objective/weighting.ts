/** Weights of rows, of time steps and of classes, and masks of time steps, in a data loss and in metrics. */
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

/** The product of those that there are, of the first axes of predictions each: of weights of rows or steps, of classes, of a mask; undefined for none. */
export function combined(...weights: readonly (tf.Tensor | undefined)[]): tf.Tensor | undefined {
  const given = weights.filter(weight => weight !== undefined);
  const rank = Math.max(...given.map(weight => weight.rank));
  const [first, ...others] = given.map(weight => broadcastTo(tf.cast(weight, 'float32'), rank));
  return first && others.reduce((product, weight) => tf.mul(product, weight), first);
}

/** What counts in a mean, and how much: `weight` for each row or step, `mask` for those that are there at all. */
interface Counting {
  readonly option?: 'loss' | 'metrics';
  readonly weight?: tf.Tensor | undefined;
  readonly mask?: tf.Tensor | undefined;
}

/**
 * mean(weight × per-sample value), as in Keras: the sum is divided by the number of rows (and time steps), not by the sum of the weights. With a mask it is
 * Σ weight × value / Σ mask, over what the mask keeps; 0 where it keeps nothing. What has the weight 0 or is masked is not computed with, so that nothing it
 * may hold, NaN neither, reaches the loss or a gradient.
 * @throws OptionError for a function that does not tell rows apart
 */
export function meanOf(
  target: Pick<Target, 'name'> & { readonly f: Target['loss'] },
  y: tf.Tensor,
  prediction: tf.Tensor,
  { option = 'loss', weight, mask }: Counting,
): tf.Tensor {
  const both = combined(weight, mask);
  if (!both) return tf.mean(target.f(y, prediction));
  const counts = tf.notEqual(both, 0);
  const perSample = target.f(counted(y, counts), counted(prediction, counts));
  checkPerSample('fit', option, target, perSample, both.shape, mask && 'masks');
  const each = overRest(perSample, both.rank);
  const mean = tf.mean(tf.where(counts, tf.mul(each, both), tf.zerosLike(each)));
  return mask ? tf.div(mean, shareKept(mask)) : mean;
}

/** The mean over the axes behind the first ones. */
export function overRest(value: tf.Tensor, rank: number): tf.Tensor {
  const axes = value.shape.map((_, axis) => axis).slice(rank);
  return axes.length ? tf.mean(value, axes) : value;
}

/** The part of a mask that it keeps, over these axes or all; 1 where that is nothing, so that one can divide by it. */
export function shareKept(mask: tf.Tensor, axes?: readonly number[]): tf.Tensor {
  const share = tf.mean(tf.cast(mask, 'float32'), axes && [...axes]);
  return tf.add(share, tf.cast(tf.equal(share, 0), 'float32'));
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
  { name }: Pick<Target, 'name'>,
  value: tf.Tensor,
  shape: readonly number[],
  why: Parameters<typeof messages.perSample>[0] = owner === 'fit' ? 'weights' : 'one by one',
): void {
  if (shape.every((size, axis) => value.shape[axis] === size)) return;
  throw new OptionError(messages.perSample(why, owner, option, name, shape, value.shape), { option });
}
