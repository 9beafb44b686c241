import { definePlugin, type WeightFilter, whereOption } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import { every } from './every.ts';

/** Options of `centralize`. */
export interface CentralizeOptions {
  /** Which weights; kernels by default. Weights without fan-in are left alone. */
  readonly where?: WeightFilter;
}

/**
 * g − mean(g) over the fan-in axes of each unit.
 * @example
 * centralized(tf.tensor2d([[1], [3]]), [0]); // [[-1], [1]]
 */
export const centralized = (gradient: tf.Tensor, fanInAxes: readonly number[]): tf.Tensor =>
  tf.tidy(() => tf.sub(gradient, tf.mean(gradient, [...fanInAxes], true)));

/**
 * Gradient centralization (Yong, Huang, Hua & Zhang 2020): g ← g − mean(g) for the gradient of each unit's incoming weights, so that the mean of the
 * weights stays what it was.
 * @example
 * attach(model, tf.train.sgd(0.1), centralize());
 * @throws OptionError if `where` is not a function
 */
export const centralize = definePlugin<CentralizeOptions>({
  name: 'centralize',
  options: { where: whereOption() },
  setup: ({ where }) => ({
    gradients: (gradients, weights) =>
      every(
        gradients,
        weights.filter(weight => weight.fanInAxes.length > 0 && where(weight)),
        (gradient, { fanInAxes }) => centralized(gradient, fanInAxes),
      ),
  }),
});
