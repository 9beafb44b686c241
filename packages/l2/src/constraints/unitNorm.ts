import { definePlugin, unitNorms, type WeightFilter, whereOption } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';

/** Options of `unitNorm`. */
export interface UnitNormOptions {
  /** Which weights; kernels by default. */
  readonly where?: WeightFilter;
}

/**
 * w / (10⁻⁷ + ‖w‖) for each unit: norms over `axes`. A unit of zeros stays as it is.
 * @example
 * toUnitNorm(tf.tensor2d([[3], [4]]), [0]); // [[0.6], [0.8]]
 */
export const toUnitNorm = (w: tf.Tensor, axes: readonly number[]): tf.Tensor =>
  tf.tidy(() => tf.div(w, tf.add(unitNorms(w, axes), 1e-7)));

/**
 * Keras' `UnitNorm`, applied after every update (stock `kernelConstraint` does nothing): w ← w / ‖w‖ for the incoming weights of each unit.
 * Weights without units (fan-in axes []) are left alone.
 * @example
 * attach(model, tf.train.adam(1e-3), unitNorm());
 * @throws OptionError if `where` is not a function
 */
export const unitNorm = definePlugin<UnitNormOptions>({
  name: 'unitNorm',
  options: { where: whereOption() },
  setup: ({ where }) => ({
    afterUpdate(weights) {
      for (const { variable, fanInAxes } of weights.filter(where)) {
        if (fanInAxes.length) variable.assign(toUnitNorm(variable, fanInAxes));
      }
    },
  }),
});
