import { definePlugin, option, unitNorms, type Varying, valueAt, type WeightFilter, whereOption } from '@keepprob/core';
import { PROJECT_KERNEL, runExtraKernel } from '@keepprob/core/kernels';
import * as tf from '@tensorflow/tfjs-core';

/** Options of `maxNorm`. */
export interface MaxNormOptions {
  /** Largest L2 norm of the incoming weights of one unit, > 0; 2 to 4 in Srivastava et al. 2014. */
  readonly maxNorm: Varying;
  /** Which weights; kernels by default. */
  readonly where?: WeightFilter;
}

/**
 * w × min(1, c / ‖w‖) for each unit: norms over `axes`, the ones summed into a unit. A unit of zeros stays as it is.
 * @example
 * projectToNorm(tf.tensor2d([[3], [4]]), 1, [0]); // [[0.6], [0.8]]
 */
export function projectToNorm(w: tf.Tensor, c: number, axes: readonly number[]): tf.Tensor {
  const columns = axes.length === w.rank - 1 && axes.every((axis, i) => axis === i) && w.dtype === 'float32';
  const fast = columns && runExtraKernel(PROJECT_KERNEL, { w }, { maxNorm: c });
  if (fast) return fast;
  return tf.tidy(() => {
    const norm = unitNorms(w, axes);
    // c / max(‖w‖, c) is exactly 1 inside the ball
    return tf.mul(w, tf.div(c, tf.maximum(norm, c)));
  });
}

/**
 * Max-norm (Srivastava et al. 2014, §5.1): after every update the incoming weights of each unit are projected to ‖w‖₂ ≤ c.
 * Stock `kernelConstraint` does nothing in `fit`; this constraint holds after every step.
 *
 * `maxNorm(3)`, `maxNorm({ maxNorm: 3, where })`. Weights without units (fan-in axes []) are left alone.
 * @example
 * attach(model, tf.train.adam(1e-3), maxNorm(3));
 * maxNorm({ maxNorm: 3, where: weight => weight.layer === 'hidden1' });
 * @throws OptionError for c ≤ 0
 */
export const maxNorm = definePlugin<MaxNormOptions, 'maxNorm'>({
  name: 'maxNorm',
  shorthand: 'maxNorm',
  options: { maxNorm: option.varying({ above: 0 }), where: whereOption() },
  setup: ({ maxNorm, where }) => ({
    afterUpdate(weights, at) {
      const c = valueAt(maxNorm, at);
      for (const { variable, fanInAxes } of weights.filter(where)) {
        if (fanInAxes.length) variable.assign(projectToNorm(variable, c, fanInAxes));
      }
    },
  }),
});
