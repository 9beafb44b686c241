import {
  definePlugin,
  elasticPenalty,
  option,
  type Varying,
  valueAt,
  type WeightFilter,
  whereOption,
} from '@keepprob/core';

/** Options of `elasticNet`. */
export interface ElasticNetOptions {
  /** λ₁ ≥ 0 of Σ|w|; may be a schedule or a function. */
  readonly l1: Varying;
  /** λ₂ ≥ 0 of Σ w²; may be a schedule or a function. */
  readonly l2: Varying;
  /** Which weights; kernels by default. */
  readonly where?: WeightFilter;
}

/**
 * Elastic net (Zou & Hastie 2005; Keras' `L1L2`): adds λ₁ Σ|w| + λ₂ Σ w² to J, over kernels. The quadratic part is stated as a number, so it
 * is free where the optimizer's update is one kernel.
 * @example
 * attach(model, tf.train.adam(1e-3), elasticNet({ l1: 1e-5, l2: 1e-4 }));
 * @throws OptionError for a negative, non-finite or missing λ
 */
export const elasticNet = definePlugin<ElasticNetOptions>({
  name: 'elasticNet',
  options: {
    l1: option.varying({ min: 0 }),
    l2: option.varying({ min: 0 }),
    where: whereOption(),
  },
  setup: options => ({
    penalty: (weights, at) =>
      elasticPenalty(
        weights.filter(options.where).map(({ variable }) => variable),
        { l1: valueAt(options.l1, at) },
      ),
    l2(weights, at) {
      const lambda = valueAt(options.l2, at);
      return new Map(weights.filter(options.where).map(({ path }) => [path, lambda]));
    },
  }),
});
