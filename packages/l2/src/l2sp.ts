import {
  definePlugin,
  option,
  type TrainingPlugin,
  type Varying,
  valueAt,
  type WeightFilter,
  whereOption,
} from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';

export interface L2spOptions {
  /** λ ≥ 0; may be a schedule or a function. */
  readonly l2sp: Varying;
  /** Which weights; kernels by default. */
  readonly where?: WeightFilter;
}

/**
 * L2 towards the starting point (Li, Grandvalet & Davoine 2018): adds λ Σ (w − w₀)² to J, w₀ the weights when the plugin first sees them: for
 * fine-tuning, where what was learnt before is worth keeping. Keeps one copy of the weights; a checkpoint saves w₀.
 *
 * `l2sp(1e-2)`, `l2sp({ l2sp: 1e-2, where })`
 * @throws OptionError for a negative or non-finite λ
 */
export const l2sp: (options: L2spOptions | number) => TrainingPlugin = definePlugin<L2spOptions>({
  name: 'l2sp',
  shorthand: 'l2sp',
  options: { l2sp: option.varying<Varying>({ min: 0 }), where: whereOption() },
  setup: options => {
    const starts = new Map<string, tf.Tensor>();
    const forget = (): void => {
      tf.dispose([...starts.values()]);
      starts.clear();
    };
    const startOf = (path: string, variable: tf.Variable): tf.Tensor => {
      const start = starts.get(path) ?? tf.keep(tf.clone(variable));
      starts.set(path, start);
      return start;
    };
    return {
      penalty(weights, at) {
        const lambda = valueAt(options.l2sp, at);
        return weights
          .filter(options.where)
          .map(({ path, variable }) => tf.mul(tf.sum(tf.squaredDifference(variable, startOf(path, variable))), lambda))
          .reduce((sum, term) => tf.add(sum, term), tf.scalar(0) as tf.Tensor);
      },
      state: () => ({
        tensors: Object.fromEntries([...starts].map(([path, start]) => [path, tf.clone(start)])),
        values: null,
      }),
      restore({ tensors }) {
        forget();
        for (const [path, start] of Object.entries(tensors)) starts.set(path, tf.keep(tf.clone(start)));
      },
      dispose: forget,
    };
  },
});
