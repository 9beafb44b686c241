import {
  definePlugin,
  option,
  type TrainingPlugin,
  type Varying,
  valueAt,
  type WeightFilter,
  whereOption,
} from '@keepprob/core';

export interface WeightDecayOptions {
  /** Decay per unit of learning rate, ≥ 0; PyTorch's `weight_decay` of AdamW. May be a schedule or a function. */
  readonly decay: Varying;
  /** Which weights; kernels by default. */
  readonly where?: WeightFilter;
}

/**
 * Decoupled weight decay: w ← w − η · decay · w before the update, where η is the learning rate of that update. With Adam
 * this is AdamW (Loshchilov & Hutter 2019, algorithm 2, line 12); unlike L2 it does not pass through Adam's moments.
 *
 * `weightDecay(0.01)`, `weightDecay({ decay: 0.01, where })`
 */
export const weightDecay: (options: WeightDecayOptions | number) => TrainingPlugin = definePlugin<WeightDecayOptions>({
  name: 'weightDecay',
  shorthand: 'decay',
  options: { decay: option.varying<Varying>({ min: 0 }), where: whereOption() },
  setup: ({ decay, where }) => ({
    weightDecay(weights, at) {
      const value = valueAt(decay, at);
      return new Map(weights.filter(where).map(({ path }) => [path, value]));
    },
  }),
});
