/**
 * Alpha dropout, for SELU nets: what is dropped becomes SELU's lower limit, and an affine map keeps mean 0 and variance 1.
 * Klambauer, Unterthiner, Mayr & Hochreiter, "Self-normalizing neural networks", NIPS 2017.
 *
 *     y = a (keep ? x : α′) + b        a = (p + α′² p q)^−½        b = −a α′ q        p = keepProb, q = 1 − p
 */

import { type Moment, valueAt } from '@keepprob/core';
import { defineLayer, type NoiseShape } from '@keepprob/core/layers';
import { counterDropout, keepScale } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import { checkNoiseShape, drawFor, noiseShapeOption } from '../options/noiseShape.ts';
import { type Checked, type KeepProbOrRate, keeping, oneField } from '../options/rate.ts';

/** −λα of SELU. */
const DROPPED_VALUE = -1.7580993408473766;

/** Options of `alphaDropout`. */
export type AlphaDropoutOptions = KeepProbOrRate<{
  /** The shape of the mask, as in Keras: 1 shares one draw along an axis, null follows the input. By default each element has its own draw. */
  readonly noiseShape?: NoiseShape;
}>;

/**
 * The affine map a x + b that keeps mean 0 and variance 1: a = (p + α′² p q)^−½ and b = −a α′ q, with p = keepProb, q = 1 − p and α′ = −1.7581 of SELU.
 * @example
 * alphaAffine(0.9); // { a: 0.9213, b: 0.162 }
 */
export function alphaAffine(keepProb: number): { a: number; b: number } {
  const q = 1 - keepProb;
  const a = (keepProb + DROPPED_VALUE ** 2 * keepProb * q) ** -0.5;
  return { a, b: -a * DROPPED_VALUE * q };
}

/**
 * y = a (keep ? x : α′) + b with `alphaAffine` of keepProb. The backward pass draws the mask again: dx = keep ? a dy : 0.
 * @example
 * alphaDropoutForward(x, 0.9, null, at).shape; // [64, 4]
 */
export function alphaDropoutForward(x: tf.Tensor, keepProb: number, noiseShape: NoiseShape, at: Moment): tf.Tensor {
  if (keepScale(keepProb) === 1) return tf.clone(x);
  const draw = drawFor(x.shape, keepProb, noiseShape, at);
  const { a, b } = alphaAffine(keepProb);
  const kept = (t: tf.Tensor): tf.Tensor => tf.mul(counterDropout(t, draw), a / keepScale(keepProb));
  // what is kept of x − α′ is 0 where x is dropped: y = a (keep ? x − α′ : 0) + a α′ + b
  const op = tf.customGrad(input => ({
    value: tf.add(kept(tf.sub(input as tf.Tensor, DROPPED_VALUE)), a * DROPPED_VALUE + b),
    gradFunc: dy => kept(dy as tf.Tensor),
  }));
  return op(x);
}

/**
 * What `noise` says of alpha dropout.
 * @example
 * const quiet = defineLayer({
 *   name: 'quiet',
 *   className: 'MyQuiet',
 *   options: { keepProb: option.number({ above: 0, max: 1 }) },
 *   noise: { keepProb: replacing },
 *   forward: (x, { keepProb }, at) => alphaDropoutForward(x, keepProb, null, at),
 * });
 * unlikeDropout(noiseOf(quiet({ keepProb: 0.5 }))[0]); // 'what it drops becomes another number than 0'
 */
export const replacing = {
  strength: 'kept',
  effect: 'replaces',
  target: 'activations',
  unlike: 'what it drops becomes another number than 0',
} as const;

/**
 * Alpha dropout, for SELU nets (Klambauer, Unterthiner, Mayr & Hochreiter 2017): dropped elements become SELU's lower limit α′ = −1.7581, and an affine map keeps mean 0
 * and variance 1. Inputs may have any rank. At inference it is the identity.
 *
 *     y = a (keep ? x : α′) + b        a = (p + α′² p q)^−½        b = −a α′ q        p = keepProb, q = 1 − p
 * @example
 * model.add(tf.layers.dense({ units: 16, activation: 'selu', kernelInitializer: 'leCunNormal' }));
 * model.add(alphaDropout({ rate: 0.1 }));
 * @throws OptionError for both or neither of keepProb and rate, or a value out of (0, 1]
 */
export const alphaDropout = defineLayer<Checked<AlphaDropoutOptions>, AlphaDropoutOptions>({
  name: 'alphaDropout',
  className: 'KeepprobAlphaDropout',
  options: { ...keeping, noiseShape: noiseShapeOption },
  noise: { keepProb: { ...replacing, noiseShape: (_, { noiseShape }) => noiseShape } },
  normalize: oneField('alphaDropout'),
  checkShape: (shape, { noiseShape }) => checkNoiseShape('alphaDropout', shape, noiseShape),
  forward: (x, { keepProb, noiseShape }, at) => alphaDropoutForward(x, valueAt(keepProb, at), noiseShape, at),
});
