import {
  definePlugin,
  elasticPenalty,
  option,
  type Varying,
  valueAt,
  type WeightFilter,
  whereOption,
} from '@keepprob/core';
import type * as tf from '@tensorflow/tfjs-core';

/** Options of `l1`. */
export interface L1Options {
  /** λ ≥ 0; may be a schedule or a function. */
  readonly strength: Varying;
  /** Which weights; kernels by default. */
  readonly where?: WeightFilter;
}

/**
 * Σ|w|, rank 0. Its gradient sign(w) is given in closed form; sign(0) = 0.
 * @example
 * absoluteSum(tf.tensor1d([1, -2])); // 3
 */
export const absoluteSum = (w: tf.Tensor): tf.Scalar => elasticPenalty([w], { l1: 1 });

/**
 * L1 regularization as in Keras: adds λ Σ|w| to J, over kernels (Tibshirani 1996). On variables: recurrent cells are covered, a shared
 * layer counts once, frozen weights not at all. Gradient descent makes weights small but never exactly zero: see `proximalL1`.
 * @example
 * attach(model, tf.train.adam(1e-3), l1(1e-4));
 * @throws OptionError for a negative or non-finite λ
 */
export const l1 = definePlugin<L1Options, 'strength'>({
  name: 'l1',
  shorthand: 'strength',
  options: { strength: option.varying({ min: 0 }), where: whereOption() },
  setup: options => ({
    penalty: (weights, at) =>
      elasticPenalty(
        weights.filter(options.where).map(({ variable }) => variable),
        { l1: valueAt(options.strength, at) },
      ),
  }),
});
