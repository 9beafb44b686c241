import { definePlugin, option, type Varying, valueAt, type WeightFilter, whereOption } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import { all, every } from './every.ts';

/** Options of `clipValue`. */
export interface ClipValueOptions {
  /** Largest absolute value of an element of a gradient, > 0. */
  readonly maxValue: Varying;
  /** Which weights; all by default. */
  readonly where?: WeightFilter;
}

/**
 * Clips every element of every gradient to ±c (Keras' `clipvalue`). This changes the direction of the step; `clipGlobalNorm` does not.
 * @example
 * attach(model, tf.train.adam(1e-3), clipValue(0.5));
 * @throws OptionError for c ≤ 0
 */
export const clipValue = definePlugin<ClipValueOptions, 'maxValue'>({
  name: 'clipValue',
  shorthand: 'maxValue',
  options: { maxValue: option.varying({ above: 0 }), where: whereOption(all) },
  setup: ({ maxValue, where }) => ({
    gradients(gradients, weights, at) {
      const c = valueAt(maxValue, at);
      return every(gradients, weights.filter(where), gradient => tf.clipByValue(gradient, -c, c));
    },
  }),
});
