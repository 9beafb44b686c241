/** How sample weights take part in a mix: a row that has none must not matter. */
import type { Batch } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';

/** Which rows have a weight that is not 0, in some output; undefined where all count. */
export function countedRows({ sampleWeight }: Batch, rows: number): readonly boolean[] | undefined {
  if (!sampleWeight) return undefined;
  const counted = new Array<boolean>(rows).fill(false);
  for (const weights of Object.values(sampleWeight)) {
    const perRow = weights.size / rows;
    for (const [i, weight] of weights.dataSync().entries()) if (weight !== 0) counted[Math.floor(i / perRow)] = true;
  }
  return counted;
}

/** λ with axes of 1 behind it, as many as t has besides the rows. */
const besideRows = (lambda: tf.Tensor, t: tf.Tensor): tf.Tensor =>
  tf.reshape(lambda, [...lambda.shape, ...t.shape.slice(lambda.rank).fill(1)]);

/**
 * λ t + (1 − λ) t[partner]: one λ and one partner per row of t, or one λ per row and time step. λ = 1 is the identity.
 * @example
 * mixRows(tf.tensor1d([1, 3]), tf.tensor1d([0.5, 1]), tf.tensor1d([1, 0], 'int32')); // [2, 3]
 */
export const mixRows = (t: tf.Tensor, lambda: tf.Tensor, partner: tf.Tensor1D): tf.Tensor =>
  tf.tidy(() => {
    const own = besideRows(lambda, t);
    return tf.add(tf.mul(own, t), tf.mul(tf.sub(1, own), tf.gather(tf.cast(t, 'float32'), partner)));
  });

export interface Mixed {
  /** λ w + (1 − λ) wₚ. */
  readonly weight: tf.Tensor;
  /** λ w of that: the share of the own label. 1 where both weights are 0. */
  readonly share: tf.Tensor;
}

/**
 * The weights of a mix, and the share of the own label in it: with these λ w ℓ(y) + (1 − λ) wₚ ℓ(yₚ) is weight · ℓ(mixed label) for a loss that is linear in
 * the label, so that a label of weight 0 has no part in it.
 */
export const mixWeights = (w: tf.Tensor, lambda: tf.Tensor1D, partner: tf.Tensor1D): Mixed => {
  const weight = mixRows(w, lambda, partner);
  const none = tf.sub(1, tf.step(tf.abs(weight)));
  const share = tf.div(tf.add(tf.mul(besideRows(lambda, w), w), none), tf.add(weight, none));
  return { weight, share };
};
