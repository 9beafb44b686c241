import { definePlugin, option, unitNorms, type Varying, valueAt, type WeightFilter, whereOption } from '@keepprob/core';
import { CLIP_UNITS_KERNEL, runExtraKernel } from '@keepprob/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { all, every } from './every.ts';

/** Options of `adaptiveClip`. */
export interface AdaptiveClipOptions {
  /** λ > 0: largest norm of a unit's gradient, as a share of the norm of its weights; .01 to .08 in the paper. */
  readonly maxRatio: Varying;
  /** ε > 0: the norm of a unit's weights counts as at least this, so that a unit of zeros can grow; 1e-3 by default, as in the paper. */
  readonly epsilon?: number;
  /** Which weights; all by default. The paper leaves out the last layer. */
  readonly where?: WeightFilter;
}

/**
 * For each unit G · c / max(‖G‖, c) with c = λ max(‖W‖, ε): exactly G where ‖G‖ ≤ c.
 * @example
 * clipToWeights(tf.tensor2d([[3], [4]]), tf.tensor2d([[30], [40]]), 0.01, 1e-3, [0]); // [[0.3], [0.4]]
 */
export function clipToWeights(
  gradient: tf.Tensor,
  w: tf.Tensor,
  lambda: number,
  epsilon: number,
  axes: readonly number[],
): tf.Tensor {
  const unitsAreLast = axes.every((axis, i) => axis === i) && (axes.length === 0 || axes.length === w.rank - 1);
  if (unitsAreLast && [gradient, w].every(t => t.dtype === 'float32') && w.size > 0) {
    const units = axes.length === 0 ? 1 : (w.shape.at(-1) ?? 1);
    const fast = runExtraKernel(CLIP_UNITS_KERNEL, { g: gradient, w }, { lambda, epsilon, units });
    if (fast) return fast;
  }
  return tf.tidy(() => {
    const c = tf.mul(tf.maximum(unitNorms(w, axes), epsilon), lambda);
    return tf.mul(gradient, tf.div(c, tf.maximum(unitNorms(gradient, axes), c)));
  });
}

/**
 * Adaptive gradient clipping (Brock, De, Smith & Simonyan 2021, eq. 3): the gradient of a unit's incoming weights is clipped to a norm of λ max(‖W‖, ε),
 * W those weights, so that no step changes a unit by more than a share of it. Biases, gains and other weights without units count as one unit each.
 * Takes the place of batch norm in training with large batches and rates.
 * @example
 * attach(model, tf.train.sgd(0.1), adaptiveClip({ maxRatio: 0.01, where: weight => weight.layer !== 'output' }));
 * @throws OptionError for λ ≤ 0 or ε ≤ 0
 */
export const adaptiveClip = definePlugin<AdaptiveClipOptions, 'maxRatio'>({
  name: 'adaptiveClip',
  shorthand: 'maxRatio',
  options: {
    maxRatio: option.varying({ above: 0 }),
    epsilon: option.number({ above: 0, fallback: 1e-3 }),
    where: whereOption(all),
  },
  setup: ({ maxRatio, epsilon, where }) => ({
    gradients(gradients, weights, at) {
      const lambda = valueAt(maxRatio, at);
      return every(gradients, weights.filter(where), (gradient, { variable, fanInAxes }) =>
        clipToWeights(gradient, variable, lambda, epsilon, fanInAxes),
      );
    },
  }),
});
