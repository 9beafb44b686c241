import { definePlugin, option, type Varying, valueAt, type WeightFilter, whereOption } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';

/** Options of `sam`. */
export interface SamOptions {
  /** ρ ≥ 0: radius within which the worst point is sought, in L2 norm over all weights; 0.05 by default, as in the paper. May be a schedule or a function. */
  readonly rho?: Varying;
  /** Scales each weight's step by its own |w| (ASAM, Kwon et al. 2021), for which ρ is ten to forty times larger. False by default. */
  readonly adaptive?: boolean;
  /** Which weights are moved; all by default. */
  readonly where?: WeightFilter;
}

/**
 * ρ s² g / ‖s g‖ with s = 1, or |w| where adaptive: the step to the worst point nearby. Zeros where every gradient is 0.
 * @example
 * ascent([{ w: tf.tensor1d([1, 1]), gradient: tf.tensor1d([3, 4]) }], 0.05, false); // [[0.03, 0.04]]
 */
export function ascent(
  weights: readonly { readonly w: tf.Tensor; readonly gradient: tf.Tensor }[],
  rho: number,
  adaptive: boolean,
): tf.Tensor[] {
  const scaled = weights.map(({ w, gradient }) => (adaptive ? tf.mul(tf.abs(w), gradient) : gradient));
  const squares = scaled.map(g => tf.sum(tf.square(g))).reduce<tf.Tensor>((a, b) => tf.add(a, b), tf.scalar(0));
  const factor = tf.div(rho, tf.add(tf.sqrt(squares), 1e-12));
  const steps = adaptive ? weights.map(({ w, gradient }) => tf.mul(tf.square(w), gradient)) : scaled;
  return steps.map(step => tf.mul(step, factor));
}

/**
 * Sharpness-aware minimization (Foret, Kleiner, Mobahi & Neyshabur 2021): the gradient of the update is taken at w + ε, the worst point within ρ,
 * ε = ρ g / ‖g‖, g the gradient at w; the weights themselves are back before the update. Two forward and backward passes per update, the
 * second on the same masks. Logs are those at w, and λ of `l2` acts at w. In `fit` only.
 * @example
 * await fit(model, { x, y }, { ...options, plugins: [sam(0.05)] });
 * sam({ rho: 2, adaptive: true }); // ASAM
 * @throws OptionError for a negative ρ
 */
export const sam = definePlugin<SamOptions, 'rho'>({
  name: 'sam',
  shorthand: 'rho',
  options: {
    rho: option.varying({ min: 0, fallback: 0.05 }),
    adaptive: option.boolean({ fallback: false }),
    where: whereOption(() => true),
  },
  setup: ({ rho, adaptive, where }) => ({
    step(inner, batch, weights, at) {
      const here = inner(batch);
      const moved = weights.filter(where).flatMap(({ path, variable }) => {
        const gradient = here.gradients.get(path);
        return gradient ? [{ variable, w: tf.clone(variable), gradient }] : [];
      });
      const steps = ascent(moved, valueAt(rho, at), adaptive);
      try {
        for (const [i, step] of steps.entries()) moved[i]?.variable.assign(tf.add(moved[i].w, step));
        return { ...here, gradients: inner(batch).gradients };
      } finally {
        for (const { variable, w } of moved) variable.assign(w);
      }
    },
  }),
});
