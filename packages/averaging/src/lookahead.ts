import { countOf, definePlugin, type EverySteps, KeptTensors, option } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';

/** Options of `lookahead`. */
export interface LookaheadOptions {
  /** k: `{ steps: k }`, or k alone: after every kth update the slow weights take a step, and training continues from them; 5 by default. */
  readonly every?: EverySteps;
  /** α: how far the slow weights go towards the fast ones, 0 < α ≤ 1; 0.5 by default. 1 leaves training unchanged. */
  readonly stepSize?: number;
  /** Whether evaluation uses the slow weights; true by default. Must be false in stock fit, which cannot swap weights. */
  readonly evaluate?: boolean;
}

/**
 * φ + α (θ − φ).
 * @example
 * slowStep(tf.scalar(1), tf.scalar(3), 0.5); // 2
 */
export const slowStep = (slow: tf.Tensor, fast: tf.Tensor, stepSize: number): tf.Tensor =>
  tf.tidy(() => tf.add(slow, tf.mul(tf.sub(fast, slow), stepSize)));

/**
 * Lookahead (Zhang, Lucas, Hinton & Ba, NeurIPS 2019, algorithm 1): the optimizer takes k steps with the fast weights θ, then the slow weights follow,
 * φ ← φ + α (θ − φ), and θ starts from φ again. Two steps forward, one step back: directions in which the fast weights oscillate average out. The
 * optimizer keeps its momentum at a slow step, as in the paper. Shapes are those of the weights; the cost is a copy of them, and a pass every k updates.
 *
 * The slow weights are what the paper evaluates and returns, so evaluation sees them and the model ends with them. `earlyStopping` in the same list
 * restores the best ones that were evaluated. Frozen weights are left alone.
 * @example
 * await fit(model, { x, y }, { loss: 'meanSquaredError', optimizer: 'sgd', plugins: [lookahead()] });
 * lookahead({ every: 10, stepSize: 0.8 });
 * lookahead({ evaluate: false }); // in stock fit
 * @throws OptionError for a period below 1, or a step size outside (0, 1]
 */
export const lookahead = definePlugin<LookaheadOptions, 'every'>({
  name: 'lookahead',
  shorthand: 'every',
  options: {
    every: option.everySteps({ fallback: 5 }),
    stepSize: option.number({ above: 0, max: 1, fallback: 0.5 }),
    evaluate: option.boolean({ fallback: true }),
  },
  setup({ every, stepSize, evaluate }) {
    const slow = new KeptTensors();
    return {
      // the weights that training starts from, which are gone after the update
      beforeUpdate(weights) {
        for (const { path, variable } of weights) if (!slow.get(path)) slow.set(path, variable);
      },
      afterUpdate(weights, at) {
        if ((at.step + 1) % countOf(every) !== 0) return;
        for (const { path, variable } of weights) {
          const followed = slowStep(slow.get(path) ?? variable, variable, stepSize);
          slow.set(path, followed);
          variable.assign(followed as tf.Tensor<tf.Rank>);
        }
      },
      ...(evaluate && { evaluate: () => slow.all }),
      end: () => slow.all,
      state: () => ({ tensors: slow.copies(), values: null }),
      restore: ({ tensors }) => slow.replace(tensors),
      dispose: () => slow.dispose(),
    };
  },
});
