import { definePlugin, option, type Varying, valueAt, type WeightFilter, whereOption } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import { all, every } from './every.ts';

/** Options of `clipGlobalNorm`. */
export interface ClipGlobalNormOptions {
  /** Largest L2 norm of all gradients together, > 0. */
  readonly maxNorm: Varying;
  /** Which weights count and are clipped; all by default. */
  readonly where?: WeightFilter;
}

/**
 * √(Σ ‖g‖²) over all tensors; 0 for none.
 * @example
 * globalNorm([tf.tensor1d([3]), tf.tensor1d([4])]); // 5
 */
export function globalNorm(gradients: readonly tf.Tensor[]): tf.Scalar {
  return tf.tidy(() =>
    tf.sqrt(
      gradients
        .map(g => tf.sum(tf.square(g)) as tf.Scalar)
        .reduce<tf.Scalar>((sum, term) => tf.add(sum, term), tf.scalar(0)),
    ),
  );
}

/**
 * Clips all gradients together to an L2 norm of c, by one factor: g ← g · c / max(‖g‖₂, c), so the direction of the step is kept (Pascanu, Mikolov & Bengio
 * 2013; PyTorch's `clip_grad_norm_`, Keras' `global_clipnorm`).
 * @example
 * attach(model, tf.train.adam(1e-3), clipGlobalNorm(1));
 * @throws OptionError for c ≤ 0
 */
export const clipGlobalNorm = definePlugin<ClipGlobalNormOptions, 'maxNorm'>({
  name: 'clipGlobalNorm',
  shorthand: 'maxNorm',
  options: { maxNorm: option.varying({ above: 0 }), where: whereOption(all) },
  setup: ({ maxNorm, where }) => ({
    gradients(gradients, weights, at) {
      const c = valueAt(maxNorm, at);
      const picked = weights.filter(where);
      const norm = globalNorm(picked.flatMap(({ path }) => gradients.get(path) ?? []));
      // c / max(norm, c) is exactly 1 inside the ball
      const factor = tf.div(c, tf.maximum(norm, c));
      return every(gradients, picked, gradient => tf.mul(gradient, factor));
    },
  }),
});
