/** Weights of rows, of time steps and of classes, and masks of time steps, in a data loss and in metrics. */
import { OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import * as messages from '../messages.ts';
import type { Target } from './losses.ts';

/** The tensor with axes of size 1 appended, up to this rank. */
export const broadcastTo = (t: tf.Tensor, rank: number): tf.Tensor =>
  t.rank >= rank ? t : tf.reshape(t, [...t.shape, ...Array<number>(rank - t.rank).fill(1)]);

/** The number of classes with a known weight: those of the output and those that are named, at least two. */
export const classesWeighed = (weights: readonly number[], units: number): number => Math.max(weights.length, units, 2);

/**
 * The weight of each row or time step by its class: the largest entry of one-hot labels, otherwise the label itself, rounded as in Keras, so that soft binary labels
 * count as the nearest class.
 */
export function weightOfClasses(y: tf.Tensor, prediction: tf.Tensor, weights: readonly number[]): tf.Tensor {
  const isOneHot = y.rank === prediction.rank && (y.shape.at(-1) ?? 1) > 1;
  const classes = classesWeighed(weights, prediction.shape.at(-1) ?? 1);
  const table = tf.tensor1d(Array.from({ length: classes }, (_, k) => weights[k] ?? 1));
  if (isOneHot) return tf.gather(table, tf.argMax(y, -1));
  // a row with weight 0 may have any label
  const label = tf.clipByValue(tf.round(tf.cast(y, 'float32')), 0, classes - 1);
  return tf.gather(table, tf.cast(tf.reshape(label, prediction.shape.slice(0, -1)), 'int32'));
}

/** The product of the given weights: those of rows or steps, of classes, and a mask. Each has the first axes of the predictions. Undefined if none is given. */
export function combined(...weights: readonly (tf.Tensor | undefined)[]): tf.Tensor | undefined {
  const given = weights.filter(weight => weight !== undefined);
  const rank = Math.max(...given.map(weight => weight.rank));
  const [first, ...others] = given.map(weight => broadcastTo(tf.cast(weight, 'float32'), rank));
  return first && others.reduce((product, weight) => tf.mul(product, weight), first);
}

/** What counts in a mean, and how much: `weight` is per row or step, and `mask` says which of them exist at all. */
interface Counting {
  readonly option?: 'loss' | 'metrics';
  readonly weight?: tf.Tensor | undefined;
  readonly mask?: tf.Tensor | undefined;
}

/**
 * mean(weight × per-sample value), as in Keras: the sum is divided by the number of rows (and time steps), not by the sum of the weights. With a mask it is Σ weight
 * × value / Σ mask, over what the mask keeps; 0 if it keeps nothing. Rows and steps that have weight 0 or are masked are left out of the computation, so that their
 * values, not even NaN, never reach the loss or a gradient.
 * @throws OptionError for a function that does not return a number per row
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

/** The mean over the axes after the first `rank` ones. */
export function overRest(value: tf.Tensor, rank: number): tf.Tensor {
  const axes = value.shape.map((_, axis) => axis).slice(rank);
  return axes.length ? tf.mean(value, axes) : value;
}

/** The fraction that a mask keeps, over these axes or all; 1 if it keeps nothing, so that it can be a divisor. */
export function shareKept(mask: tf.Tensor, axes?: readonly number[]): tf.Tensor {
  const share = tf.mean(tf.cast(mask, 'float32'), axes && [...axes]);
  return tf.add(share, tf.cast(tf.equal(share, 0), 'float32'));
}

/** The tensor in which each row (or time step) that does not count is replaced by the first one that does. */
function counted(t: tf.Tensor, counts: tf.Tensor): tf.Tensor {
  if (t.rank < counts.rank) return t;
  const flat = tf.reshape(tf.cast(counts, 'int32'), [-1]);
  const isFirst = tf.equal(tf.range(0, counts.size, 1, 'int32'), tf.argMax(flat, 0));
  // by sums, not slices: which one is the first is known only on the device
  const lead = counts.shape.map((_, axis) => axis);
  const one = broadcastTo(tf.reshape(isFirst, counts.shape), t.rank);
  const another = tf.sum(tf.where(one, t, tf.zerosLike(t)), lead, true);
  return tf.where(broadcastTo(counts, t.rank), t, tf.cast(another, t.dtype));
}

/** @throws OptionError for a function that returns one number per batch, or anything else than a number per row */
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
