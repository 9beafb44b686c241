/** Reduces plugins to their part of J: their penalties and their effect on the loss. */
import { flatten, type Hooks, type Plugins, type TrainingPlugin } from '@keepprob/core';

const ofJ = ['loss', 'penalty', 'l2', 'dispose'] as const satisfies readonly (keyof Hooks)[];

/**
 * The same plugins without the hooks that are not part of J on the given data: those that change batches (mixup), gradients or weights, and those that
 * watch epochs.
 */
export const costOnly = (plugins: readonly Plugins[]): TrainingPlugin[] =>
  flatten(plugins).map(plugin => ({
    ...plugin,
    setup(context) {
      const hooks = plugin.setup(context);
      return Object.fromEntries(ofJ.filter(hook => hooks[hook]).map(hook => [hook, hooks[hook]])) as Hooks;
    },
  }));
