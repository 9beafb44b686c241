import { definePlugin, type WeightFilter, whereOption } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import { every } from './every.ts';

export interface CentralizeOptions {
  /** Which weights; kernels by default. Weights without fan-in are left alone. */
  readonly where?: WeightFilter;
}

/** g − mean(g) over the fan-in axes of each unit. */
export const centralized = (gradient: tf.Tensor, fanInAxes: readonly number[]): tf.Tensor =>
  tf.tidy(() => tf.sub(gradient, tf.mean(gradient, [...fanInAxes], true)));

/**
 * Gradient centralization: the gradient of each unit's incoming weights is made to have mean 0, so that their mean stays what it was
 * (Yong, Huang, Hua & Zhang 2020).
 *
 * `centralize()`, `centralize({ where })`
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
