import { definePlugin, option, type Varying, valueAt, type WeightFilter, whereOption } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import { globalNorm } from './clipGlobalNorm.ts';
import { all, every } from './every.ts';

/** Options of `clipNorm`. */
export interface ClipNormOptions {
  /** Largest L2 norm of the gradient of one weight, > 0. */
  readonly maxNorm: Varying;
  /** Which weights; all by default. */
  readonly where?: WeightFilter;
}

/**
 * g · c / max(‖g‖₂, c): exactly g inside the ball.
 * @example
 * clipToNorm(tf.tensor1d([3, 4]), 1); // [0.6, 0.8]
 */
export function clipToNorm(gradient: tf.Tensor, c: number): tf.Tensor {
  return tf.tidy(() => tf.mul(gradient, tf.div(c, tf.maximum(globalNorm([gradient]), c))));
}

/**
 * Clips the gradient of each weight to an L2 norm of c, each by its own norm: g ← g · c / max(‖g‖₂, c) (Keras' `clipnorm`).
 * @example
 * attach(model, tf.train.adam(1e-3), clipNorm(1));
 * @throws OptionError for c ≤ 0
 */
export const clipNorm = definePlugin<ClipNormOptions, 'maxNorm'>({
  name: 'clipNorm',
  shorthand: 'maxNorm',
  options: { maxNorm: option.varying({ above: 0 }), where: whereOption(all) },
  setup: ({ maxNorm, where }) => ({
    gradients(gradients, weights, at) {
      const c = valueAt(maxNorm, at);
      return every(gradients, weights.filter(where), gradient => clipToNorm(gradient, c));
    },
  }),
});
