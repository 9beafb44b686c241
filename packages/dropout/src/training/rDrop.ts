import { definePlugin, option, type Tensors, type Varying, valueAt } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';

/** Options of `rDrop`. */
export interface RDropOptions {
  /** λ ≥ 0: weight of the divergence; α in the paper, 0.1 to 5. May be a schedule or a function. */
  readonly strength: Varying;
  /** Whether the outputs are logits; by default false, for probabilities from a softmax or a sigmoid. */
  readonly fromLogits?: boolean;
}

/** Smallest probability that a logarithm is taken of, as in Keras. */
const EPSILON = 1e-7;

/**
 * ½ (KL(p‖q) + KL(q‖p)) = ½ Σ (p − q)(ln p − ln q) over the classes on the last axis, the mean over everything else. If the last axis has size one, its
 * element is the probability of a Bernoulli variable. Rank 0.
 * @example
 * symmetricDivergence(tf.tensor2d([[0.7, 0.2, 0.1]]), tf.tensor2d([[0.5, 0.3, 0.2]]), false); // 0.0886
 */
export function symmetricDivergence(p: tf.Tensor, q: tf.Tensor, fromLogits: boolean): tf.Tensor {
  const single = p.shape.at(-1) === 1;
  const difference = (f: (t: tf.Tensor) => tf.Tensor): tf.Tensor => tf.sub(f(p), f(q));
  const clipped = (t: tf.Tensor): tf.Tensor => tf.clipByValue(t, EPSILON, 1 - EPSILON);
  const probabilities = (t: tf.Tensor): tf.Tensor => (fromLogits ? (single ? tf.sigmoid(t) : tf.softmax(t)) : t);
  const log = (t: tf.Tensor): tf.Tensor => {
    if (!fromLogits) return tf.log(clipped(t));
    return single ? tf.logSigmoid(t) : tf.logSoftmax(t);
  };
  const logOfOther = (t: tf.Tensor): tf.Tensor =>
    fromLogits ? tf.logSigmoid(tf.neg(t)) : tf.log(clipped(tf.sub(1, t)));
  const logs = single ? tf.sub(difference(log), difference(logOfOther)) : difference(log);
  return tf.mul(tf.mean(tf.sum(tf.mul(difference(probabilities), logs), -1)), 0.5);
}

/**
 * R-Drop (Liang et al. 2021): every batch goes through the network twice, with two dropout masks, and J gains λ · ½ (KL(p‖q) + KL(q‖p)) between the
 * two predictions, p and q, of each output; the data loss is the mean of the two. With all dropout off it is plain training. It works in `fit` only.
 *
 * `rDrop(1)`, `rDrop({ strength: 1, fromLogits: true })`. It takes two forward passes. Every output counts and must be a distribution over the last axis.
 * @example
 * await fit(model, { x, y }, { ...options, plugins: [rDrop(1)] });
 * @throws OptionError for a negative λ
 */
export const rDrop = definePlugin<RDropOptions, 'strength'>({
  name: 'rDrop',
  shorthand: 'strength',
  options: {
    strength: option.varying({ min: 0 }),
    fromLogits: option.boolean({ fallback: false }),
  },
  setup: ({ strength, fromLogits }) => ({
    loss(loss, { predictions, predict, loss: of, addPenalty }, at) {
      const again: Tensors = predict();
      const divergences = Object.entries(again).map(([name, q]) =>
        symmetricDivergence(predictions[name] ?? q, q, fromLogits),
      );
      addPenalty(
        tf.mul(
          divergences.reduce((sum, d) => tf.add(sum, d)),
          valueAt(strength, at),
        ),
      );
      return tf.div(tf.add(loss, of(again)), 2);
    },
  }),
});
