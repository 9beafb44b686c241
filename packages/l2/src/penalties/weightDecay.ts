import { definePlugin, option, type Varying, valueAt, type WeightFilter, whereOption } from '@keepprob/core';

/** Options of `weightDecay`. */
export interface WeightDecayOptions {
  /** d ≥ 0, decay per unit of learning rate; PyTorch's `weight_decay` of AdamW. May be a schedule or a function. */
  readonly strength: Varying;
  /** Which weights; kernels by default. */
  readonly where?: WeightFilter;
}

/**
 * Decoupled weight decay: w ← w − η d w before the update, where η is the learning rate of that update. With Adam
 * this is AdamW (Loshchilov & Hutter 2019, algorithm 2, line 12); unlike L2 it does not pass through Adam's moments.
 * @example
 * attach(model, tf.train.adam(1e-3), weightDecay(0.01)); // AdamW
 * @throws OptionError for a negative d
 */
export const weightDecay = definePlugin<WeightDecayOptions, 'strength'>({
  name: 'weightDecay',
  shorthand: 'strength',
  options: { strength: option.varying({ min: 0 }), where: whereOption() },
  setup: ({ strength, where }) => ({
    weightDecay(weights, at) {
      const d = valueAt(strength, at);
      return new Map(weights.filter(where).map(({ path }) => [path, d]));
    },
  }),
});
