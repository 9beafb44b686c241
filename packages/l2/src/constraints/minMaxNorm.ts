import { definePlugin, option, unitNorms, type Varying, valueAt, type WeightFilter, whereOption } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';

/** Options of `minMaxNorm`. */
export interface MinMaxNormOptions {
  /** Smallest norm of a unit, ≥ 0; 0 by default, as in Keras. */
  readonly minNorm?: Varying;
  /** Largest norm of a unit, ≥ `minNorm`; 1 by default, as in Keras. */
  readonly maxNorm?: Varying;
  /** With 1, the default, norms enter the bounds at once; a smaller rate moves them that part of the way at each update. */
  readonly rate?: number;
  /** Which weights; kernels by default. */
  readonly where?: WeightFilter;
}

/**
 * w · (rate · clip(‖w‖, min, max) + (1 − rate) ‖w‖) / (10⁻⁷ + ‖w‖) for each unit: norms over `axes`. A unit of zeros stays.
 * @example
 * boundNorm(tf.tensor2d([[3], [4]]), 0, 1, 1, [0]); // [[0.6], [0.8]]
 */
export const boundNorm = (w: tf.Tensor, min: number, max: number, rate: number, axes: readonly number[]): tf.Tensor =>
  tf.tidy(() => {
    const norm = unitNorms(w, axes);
    const wanted = tf.add(tf.mul(tf.minimum(tf.maximum(norm, min), max), rate), tf.mul(norm, 1 - rate));
    return tf.mul(w, tf.div(wanted, tf.add(norm, 1e-7)));
  });

/**
 * Keras' `MinMaxNorm`, applied after every update (stock `kernelConstraint` does nothing): the incoming weights of each unit get a norm between
 * `minNorm` and `maxNorm`. Where `minNorm` > `maxNorm` (both may vary), `maxNorm` holds. Weights without units (fan-in axes []) are left alone.
 * @example
 * attach(model, tf.train.adam(1e-3), minMaxNorm({ minNorm: 0.5, maxNorm: 2 }));
 * @throws OptionError for bounds below 0, or a rate outside 0…1
 */
export const minMaxNorm = definePlugin<MinMaxNormOptions>({
  name: 'minMaxNorm',
  options: {
    minNorm: option.varying({ min: 0, fallback: 0 }),
    maxNorm: option.varying({ above: 0, fallback: 1 }),
    rate: option.number({ min: 0, max: 1, fallback: 1 }),
    where: whereOption(),
  },
  setup: ({ minNorm, maxNorm, rate, where }) => ({
    afterUpdate(weights, at) {
      const [low, high] = [valueAt(minNorm, at), valueAt(maxNorm, at)];
      for (const { variable, fanInAxes } of weights.filter(where)) {
        if (fanInAxes.length) variable.assign(boundNorm(variable, low, high, rate, fanInAxes));
      }
    },
  }),
});
