import { definePlugin, type WeightFilter, whereOption } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';

/** Options of `nonNegative`. */
export interface NonNegativeOptions {
  /** Which weights; kernels by default. */
  readonly where?: WeightFilter;
}

/**
 * Keras' `NonNeg`, applied after every update (stock `kernelConstraint` does nothing): w ← max(w, 0).
 * @example
 * attach(model, tf.train.adam(1e-3), nonNegative());
 * @throws OptionError if `where` is not a function
 */
export const nonNegative = definePlugin<NonNegativeOptions>({
  name: 'nonNegative',
  options: { where: whereOption() },
  setup: ({ where }) => ({
    afterUpdate(weights) {
      for (const { variable } of weights.filter(where)) variable.assign(tf.relu(variable));
    },
  }),
});
