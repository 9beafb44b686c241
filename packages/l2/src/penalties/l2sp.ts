import {
  definePlugin,
  elasticPenalty,
  KeptTensors,
  option,
  type Varying,
  valueAt,
  type Weight,
  type WeightFilter,
  whereOption,
} from '@keepprob/core';
import type * as tf from '@tensorflow/tfjs-core';

/** Options of `l2sp`. */
export interface L2spOptions {
  /** λ ≥ 0; may be a schedule or a function. */
  readonly strength: Varying;
  /** Which weights; kernels by default. */
  readonly where?: WeightFilter;
}

/**
 * Σ (w − w₀)², rank 0; its gradient 2 (w − w₀) is given in closed form. w₀ has none.
 * @example
 * squaredDistance(tf.tensor1d([1, 2]), tf.tensor1d([0, 0])); // 5
 */
export const squaredDistance = (w: tf.Tensor, start: tf.Tensor): tf.Scalar =>
  elasticPenalty([w], { l2: 1, starts: [start] });

/**
 * L2 towards the starting point (Li, Grandvalet & Davoine 2018): adds λ Σ (w − w₀)² to J, with w₀ the weights when the plugin first sees them. It is for
 * fine-tuning, where what was learned before is worth keeping. It keeps one copy of the weights, and a checkpoint saves w₀.
 * @example
 * attach(model, tf.train.adam(1e-4), l2sp(1e-2));
 * @throws OptionError for a negative or non-finite λ
 */
export const l2sp = definePlugin<L2spOptions, 'strength'>({
  name: 'l2sp',
  shorthand: 'strength',
  options: { strength: option.varying({ min: 0 }), where: whereOption() },
  setup: options => {
    const starts = new KeptTensors();
    const startOf = ({ path, variable }: Weight): tf.Tensor => {
      if (!starts.get(path)) starts.set(path, variable);
      return starts.get(path) ?? variable;
    };
    return {
      penalty(weights, at) {
        const picked = weights.filter(options.where);
        return elasticPenalty(
          picked.map(({ variable }) => variable),
          { l2: valueAt(options.strength, at), starts: picked.map(startOf) },
        );
      },
      state: () => ({ tensors: starts.copies(), values: null }),
      restore: ({ tensors }) => starts.replace(tensors),
      dispose: () => starts.dispose(),
    };
  },
});
