import { type Moment, valueAt } from '@keepprob/core';
import { defineLayer } from '@keepprob/core/layers';
import { firstElement, multiplyNormalNoise } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import { type Checked, dropping, type KeepProbOrRate, keeping, oneField } from '../options/rate.ts';

/** Options of `gaussianDropout`. */
export type GaussianDropoutOptions = KeepProbOrRate;

/**
 * y = x · m with m from N(1, (1 − keepProb) / keepProb), dx = dy · m. The backward pass draws m again, so only the output stays on the
 * tape, 4 bytes per activation.
 * @example
 * gaussianDropoutForward(x, 0.7, at).shape; // [64, 4]
 */
export function gaussianDropoutForward(x: tf.Tensor, keepProb: number, at: Moment): tf.Tensor {
  const stddev = Math.sqrt((1 - keepProb) / keepProb);
  if (stddev === 0) return tf.clone(x);
  const [key, first] = [at.key(), firstElement(x.shape, at.rows)];
  const times = (t: tf.Tensor): tf.Tensor =>
    tf.customGrad(input => ({
      value: multiplyNormalNoise(input as tf.Tensor, key, { mean: 1, scale: stddev, first }),
      gradFunc: dy => times(dy as tf.Tensor),
    }))(t);
  return times(x);
}

/**
 * Multiplies by Gaussian noise with the mean and variance of an inverted-dropout mask; nothing becomes 0. Inputs may have any rank; it acts in training only.
 * Srivastava et al. 2014, §10.
 *
 *     y = x · m        m from N(1, rate / (1 − rate))
 *
 * Stock `gaussianDropout` takes no seed.
 * @example
 * model.add(gaussianDropout({ rate: 0.3 }));
 * @throws OptionError for both or neither of keepProb and rate, or a value out of (0, 1]
 */
export const gaussianDropout = defineLayer<Checked<GaussianDropoutOptions>, GaussianDropoutOptions>({
  name: 'gaussianDropout',
  className: 'KeepprobGaussianDropout',
  options: keeping,
  noise: { keepProb: { ...dropping, unlike: 'its noise is Gaussian, not a mask' } },
  normalize: oneField('gaussianDropout'),
  forward: (x, { keepProb }, at) => gaussianDropoutForward(x, valueAt(keepProb, at), at),
});
