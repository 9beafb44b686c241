import { definePlugin, option, type Varying, valueAt, type WeightFilter, whereOption } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';

/** Options of `proximalL1`. */
export interface ProximalL1Options {
  /** λ ≥ 0 of the λ Σ|w| that is minimized; may be a schedule or a function. */
  readonly strength: Varying;
  /** Which weights; kernels by default. */
  readonly where?: WeightFilter;
}

/**
 * sign(w) max(|w| − t, 0) = w − clip(w, −t, t): the proximal operator of t Σ|w|.
 * @example
 * softThreshold(tf.tensor1d([3, -0.5]), 1); // [2, 0]
 */
export const softThreshold = (w: tf.Tensor, t: number): tf.Tensor => tf.tidy(() => tf.sub(w, tf.clipByValue(w, -t, t)));

/**
 * L1 by its proximal operator: after every update w ← sign(w) max(|w| − η λ, 0), η the learning rate of that update. Weights become exactly
 * zero. With SGD this is proximal gradient descent (ISTA: Daubechies, Defrise & De Mol 2004) on loss + λ Σ|w|; with an optimizer that scales
 * its steps, such as Adam, it shrinks every weight alike and minimizes another J. J does not show the term.
 * @example
 * attach(model, tf.train.sgd(0.1), proximalL1(1e-3));
 * @throws OptionError for a negative or non-finite λ
 */
export const proximalL1 = definePlugin<ProximalL1Options, 'strength'>({
  name: 'proximalL1',
  shorthand: 'strength',
  options: { strength: option.varying({ min: 0 }), where: whereOption() },
  setup: options => ({
    afterUpdate(weights, at) {
      const threshold = at.learningRate * valueAt(options.strength, at);
      for (const { variable } of weights.filter(options.where)) variable.assign(softThreshold(variable, threshold));
    },
  }),
});
