/**
 * Alpha dropout, for SELU nets: what is dropped becomes SELU's lower limit, and an affine map keeps mean 0 and variance 1.
 * Klambauer, Unterthiner, Mayr & Hochreiter, "Self-normalizing neural networks", NIPS 2017.
 *
 *     y = a (keep ? x : α′) + b        a = (p + α′² p q)^−½        b = −a α′ q        p = keepProb, q = 1 − p
 */
import { counterDropout, keepBits, keepScale, type Moment, type Schedule, valueAt } from '@keepprob/core';
import { defineLayer, type LayerFactory, type PluginLayer } from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs-core';
import { type KeepProbOrRate, keepProbOption, oneField, seedOption } from './rate.ts';

/** −λα of SELU. */
export const DROPPED_VALUE = -1.7580993408473766;

export interface AlphaDropoutConfig {
  /** Probability that an element is kept, in (0, 1]; resolution 2⁻¹⁶. May be a schedule. */
  readonly keepProb: number | Schedule;
  /** Of this layer alone; replaces the run's. */
  readonly seed?: number | null;
}

export type AlphaDropoutOptions = KeepProbOrRate<Omit<AlphaDropoutConfig, 'keepProb'>>;

/** The affine map that keeps mean 0 and variance 1. */
export function alphaAffine(keepProb: number): { a: number; b: number } {
  const q = 1 - keepProb;
  const a = (keepProb + DROPPED_VALUE ** 2 * keepProb * q) ** -0.5;
  return { a, b: -a * DROPPED_VALUE * q };
}

/** The backward pass draws the mask again: dx = keep ? a dy : 0. */
export function alphaDropoutForward(x: tf.Tensor, keepProb: number, at: Moment): tf.Tensor {
  if (keepScale(keepProb) === 1) return tf.clone(x);
  const draw = { keepProb, noiseShape: x.shape, key: at.key(), rows: at.rows };
  const { a, b } = alphaAffine(keepProb);
  const kept = (t: tf.Tensor): tf.Tensor => tf.mul(counterDropout(t, draw), a / keepScale(keepProb));
  const op = tf.customGrad(input => {
    const bits = keepBits(draw.noiseShape, keepProb, draw.key, draw.rows);
    const offset = Float32Array.from(bits, bit => (bit ? b : a * DROPPED_VALUE + b));
    return {
      value: tf.add(kept(input as tf.Tensor), tf.tensor(offset, x.shape, 'float32')),
      gradFunc: dy => kept(dy as tf.Tensor),
    };
  });
  return op(x);
}

const factory: LayerFactory<AlphaDropoutConfig> = defineLayer<AlphaDropoutConfig>({
  name: 'alphaDropout',
  className: 'KeepprobAlphaDropout',
  options: { keepProb: keepProbOption, seed: seedOption },
  normalize: oneField('alphaDropout'),
  forward: (x, { keepProb }, at) => alphaDropoutForward(x, valueAt(keepProb, at), at),
});

/** A layer of any rank; the identity at inference. `alphaDropout({ rate: 0.1 })` */
export const alphaDropout = factory as ((options: AlphaDropoutOptions) => PluginLayer<AlphaDropoutConfig>) &
  Pick<typeof factory, 'layerClass'>;
