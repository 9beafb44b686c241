import { definePlugin, OptionError, option, type TrainingPlugin, type Varying, valueAt } from '@keepprob/core';
import { messages } from '@keepprob/core/driver';

/** Options of `schedule`. */
export interface ScheduleOptions {
  /** ≥ 0; a schedule, a function of the moment, or a number. Null, the default, keeps that of the optimizer. */
  readonly learningRate?: Varying | null;
  /** For SGD with momentum and RMSProp, 0 ≤ momentum < 1. Null, the default, keeps that of the optimizer. */
  readonly momentum?: Varying | null;
}

const plugin = definePlugin<ScheduleOptions>({
  name: 'schedule',
  options: {
    learningRate: option.orNull(option.varying({ min: 0 })),
    momentum: option.orNull(option.varying({ min: 0, below: 1 })),
  },
  setup({ learningRate, momentum }) {
    return {
      settings: at => ({
        ...(learningRate !== null && { learningRate: valueAt(learningRate, at) }),
        ...(momentum !== null && { momentum: valueAt(momentum, at) }),
      }),
    };
  },
});

/**
 * Sets the learning rate, the momentum, or both before every update, in stock `fit` and in ours. What it sets, `reduceOnPlateau` cannot lower.
 * @example
 * const rate = warmup({ steps: 500, into: cosine({ from: 1e-3, to: 0, steps: 9500 }) });
 * attach(model, tf.train.adam(1e-3), schedule({ learningRate: rate }));
 * schedule({ momentum: linear({ from: 0.5, to: 0.95, steps: 5000 }) }); // Srivastava et al. 2014, §B.2
 * @throws OptionError for a value out of range; PluginError in training when the optimizer has no momentum
 */
export const schedule = Object.assign(checked, { definition: plugin.definition });

function checked(options: ScheduleOptions): TrainingPlugin {
  const made = plugin(options);
  if (options.learningRate == null && options.momentum == null) {
    throw new OptionError(messages.optionMissing('schedule', 'learningRate', 'learningRate or momentum or both'), {
      option: 'learningRate',
    });
  }
  return made;
}
