import { type Moment, option, type Schedule, valueAt } from '@keepprob/core';
import { defineLayer } from '@keepprob/core/layers';
import { addNormalNoise, firstElement } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';

/** Options of `gaussianNoise`. */
export interface GaussianNoiseOptions {
  /** Standard deviation of the noise, ≥ 0, in units of the input. May be a schedule. */
  readonly stddev: number | Schedule;
  /** A seed for this layer alone; by default it follows the run's. */
  readonly seed?: number | null;
}

/**
 * y = x + N(0, stddev²), dx = dy: the backward pass needs no noise, so none is kept.
 * @example
 * gaussianNoiseForward(x, 0.1, at).shape; // [64, 4]
 */
export function gaussianNoiseForward(x: tf.Tensor, stddev: number, at: Moment): tf.Tensor {
  if (stddev === 0) return tf.clone(x);
  const [key, { rows }] = [at.key(), at];
  const op = tf.customGrad(input => ({
    value: addNormalNoise(input as tf.Tensor, key, { scale: stddev, first: firstElement(x.shape, rows) }),
    gradFunc: dy => tf.clone(dy as tf.Tensor),
  }));
  return op(x);
}

/**
 * Adds Gaussian noise to the input or to activations of any rank, in training only. On the input of a linear model with squared loss it is L2 with
 * λ = stddev² (Bishop, "Training with noise is equivalent to Tikhonov regularization", Neural Computation 1995).
 *
 *     y = x + ε        ε from N(0, stddev²), fresh at every step
 *
 * Stock `gaussianNoise` takes no seed.
 * @example
 * model.add(gaussianNoise({ stddev: 0.1 }));
 * @throws OptionError for a negative or infinite stddev
 */
export const gaussianNoise = defineLayer<GaussianNoiseOptions>({
  name: 'gaussianNoise',
  className: 'KeepprobGaussianNoise',
  options: { stddev: option.schedule({ min: 0 }), seed: option.seed() },
  noise: {
    stddev: { strength: 'stddev', effect: 'adds', target: 'activations', unlike: 'it adds Gaussian noise' },
  },
  forward: (x, { stddev }, at) => gaussianNoiseForward(x, valueAt(stddev, at), at),
});
