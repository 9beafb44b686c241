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
import {
  GROUP_NORM_GRAD_KERNEL,
  GROUP_NORM_KERNEL,
  type GroupNormKernelAttrs,
  isTaped,
  runExtraKernel,
} from '@keepprob/core/kernels';
import * as tf from '@tensorflow/tfjs-core';

/** Options of `groupLasso`. */
export interface GroupLassoOptions {
  /** λ ≥ 0; may be a schedule or a function. */
  readonly strength: Varying;
  /** Which weights; kernels by default. */
  readonly where?: WeightFilter;
}

/** A weight, and the axes that are summed into one of its units. */
interface Grouped {
  readonly w: tf.Tensor;
  readonly axes: readonly number[];
}

/** √n: the root of the incoming weights of a unit. */
const rootOf = ({ w, axes }: Grouped): number => Math.sqrt(axes.reduce((n, axis) => n * (w.shape[axis] ?? 1), 1));

/** Whether the kernel takes it: the last axis is that of the units. */
const isForKernel = ({ w, axes }: Grouped): boolean =>
  w.dtype === 'float32' &&
  w.size > 0 &&
  axes.length > 0 &&
  axes.length === w.rank - 1 &&
  axes.every((axis, i) => axis === i);

const attrsOf = (groups: readonly Grouped[], strength: number): GroupNormKernelAttrs => ({
  units: groups.map(({ w }) => w.shape.at(-1) ?? 1),
  factors: groups.map(group => strength * rootOf(group)),
});
const named = (tensors: readonly tf.Tensor[], name: string): tf.NamedTensorMap =>
  Object.fromEntries(tensors.map((tensor, i) => [`${name}${i}`, tensor]));

/** λ Σ √n ‖w_unit‖, and the norms of each weight. */
function forward(groups: readonly Grouped[], strength: number): readonly tf.Tensor[] {
  const weights = named(
    groups.map(({ w }) => w),
    'w',
  );
  const fast =
    groups.every(isForKernel) && runExtraKernel<tf.Tensor[]>(GROUP_NORM_KERNEL, weights, attrsOf(groups, strength));
  if (fast) return fast;
  const norms = groups.map(({ w, axes }) => unitNorms(w, axes));
  const terms = norms.map((norm, i) => tf.mul(tf.sum(norm), rootOf(groups[i] as Grouped)));
  return [
    tf.mul(
      terms.reduce((sum, term) => tf.add(sum, term)),
      strength,
    ),
    ...norms,
  ];
}

/** By each weight: dy λ √n w / ‖w_unit‖. */
function backward(
  dy: tf.Tensor,
  groups: readonly Grouped[],
  kept: readonly tf.Tensor[],
  strength: number,
): tf.Tensor[] {
  const inputs = {
    dy,
    ...named(
      groups.map(({ w }) => w),
      'w',
    ),
    ...named(kept, 'norms'),
  };
  const fast =
    groups.every(isForKernel) &&
    !isTaped() &&
    runExtraKernel<tf.Tensor[]>(GROUP_NORM_GRAD_KERNEL, inputs, attrsOf(groups, strength));
  if (fast) return fast;
  return groups.map((group, i) => {
    const { w, axes } = group;
    const norms = isTaped() ? unitNorms(w, axes) : tf.reshape(kept[i] as tf.Tensor, normShape(group));
    // 0 / 1 for a unit of zeros
    return tf.mul(w, tf.div(tf.mul(dy, strength * rootOf(group)), divisor(norms)));
  });
}

const normShape = ({ w, axes }: Grouped): number[] =>
  w.shape.map((n, axis) => (axes.length === 0 || axes.includes(axis) ? 1 : n));

/** λ Σ √n ‖w_unit‖₂ over the units of all weights, rank 0. */
function groupNorms(groups: readonly Grouped[], strength: number): tf.Scalar {
  if (groups.length === 0) return tf.scalar(0);
  const op = tf.customGrad((...args) => {
    const [inputs, save] = [args.slice(0, -1) as tf.Tensor[], args.at(-1) as tf.GradSaveFunc];
    const of = (weights: readonly tf.Tensor[]): Grouped[] =>
      weights.map((w, i) => ({ w, axes: (groups[i] as Grouped).axes }));
    const [value, ...norms] = forward(of(inputs), strength) as [tf.Tensor, ...tf.Tensor[]];
    save([...inputs, ...norms]);
    const n = inputs.length;
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => backward(dy, of(saved.slice(0, n)), saved.slice(n), strength),
    };
  });
  return op(...groups.map(({ w }) => w)) as tf.Scalar;
}

/**
 * √n Σ ‖w_unit‖₂, rank 0: norms over `axes`, n weights each. The gradient √n w / ‖w_unit‖ is 0 for a unit of zeros.
 * @example
 * groupNorm(tf.tensor2d([[3], [4]]), [0]); // 7.0711
 */
export const groupNorm = (w: tf.Tensor, axes: readonly number[]): tf.Scalar => groupNorms([{ w, axes }], 1);

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
      const groups = weights
        .filter(weight => weight.fanInAxes.length > 0 && options.where(weight))
        .map(({ variable, fanInAxes }): Grouped => ({ w: variable, axes: fanInAxes }));
      return groupNorms(groups, valueAt(options.strength, at));
    },
  }),
});
