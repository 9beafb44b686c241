import {
  definePlugin,
  divisor,
  option,
  unitNorms,
  type Varying,
  valueAt,
  type WeightFilter,
  whereOption,
} from '@keepprob/core';
import { isTaped } from '@keepprob/core/kernels';
import * as tf from '@tensorflow/tfjs-core';

/** Options of `groupLasso`. */
export interface GroupLassoOptions {
  /** λ ≥ 0; may be a schedule or a function. */
  readonly strength: Varying;
  /** Which weights; kernels by default. */
  readonly where?: WeightFilter;
}

/**
 * √n Σ ‖w_unit‖₂, rank 0: norms over `axes`, n weights each. The gradient √n w / ‖w_unit‖ is 0 for a unit of zeros.
 * @example
 * groupNorm(tf.tensor2d([[3], [4]]), [0]); // 7.0711
 */
export function groupNorm(w: tf.Tensor, axes: readonly number[]): tf.Scalar {
  const root = Math.sqrt(axes.reduce((n, axis) => n * (w.shape[axis] ?? 1), 1));
  return tf.customGrad((...args) => {
    const [x, save] = args as [tf.Tensor, tf.GradSaveFunc];
    const norms = unitNorms(x, axes);
    save([x, norms]);
    return {
      value: tf.mul(tf.sum(norms), root),
      gradFunc(dy: tf.Tensor, saved: tf.Tensor[]) {
        const [x, norms] = saved as [tf.Tensor, tf.Tensor];
        // 0 / 1 for a unit of zeros
        return tf.mul(x, tf.div(tf.mul(dy, root), divisor(isTaped() ? unitNorms(x, axes) : norms)));
      },
    };
  })(w) as tf.Scalar;
}

/**
 * Group lasso (Yuan & Lin 2006): adds λ Σ_units √n ‖w_unit‖₂ to J, where a unit's n incoming weights are one group: whole units fade, not single
 * weights. Weights without units (fan-in axes []) are left alone.
 * @example
 * attach(model, tf.train.adam(1e-3), groupLasso(1e-4));
 * @throws OptionError for a negative or non-finite λ
 */
export const groupLasso = definePlugin<GroupLassoOptions, 'strength'>({
  name: 'groupLasso',
  shorthand: 'strength',
  options: { strength: option.varying({ min: 0 }), where: whereOption() },
  setup: options => ({
    penalty(weights, at) {
      const norms = weights
        .filter(weight => weight.fanInAxes.length > 0 && options.where(weight))
        .map(({ variable, fanInAxes }) => groupNorm(variable, fanInAxes));
      return tf.mul(
        norms.reduce((sum, term) => tf.add(sum, term), tf.scalar(0)),
        valueAt(options.strength, at),
      );
    },
  }),
});
