import { definePlugin, type Logs } from '@keepprob/core';

/**
 * The first log that is NaN or infinite.
 * @example
 * notFinite({ loss: 0.3, valLoss: Number.NaN }); // 'valLoss'
 */
export const notFinite = (logs: Logs): string | undefined =>
  Object.keys(logs).find(name => !Number.isFinite(logs[name]));

/**
 * Ends training at the end of the first epoch with a log that is NaN or infinite (Keras' TerminateOnNaN looks at `loss` after each batch; stock fit has
 * no door there). `fit` of @keepprob/trainer itself stops before the update if J is not finite; this plugin also watches every other log.
 * @example
 * attach(model, tf.train.adam(1e-3), terminateOnNaN());
 */
export const terminateOnNaN = definePlugin<object>({
  name: 'terminateOnNaN',
  options: {},
  setup: () => ({
    epochEnd(logs, _, at) {
      const name = notFinite(logs);
      return name === undefined ? undefined : { stop: `${name} is ${logs[name]} (epoch ${at.epoch + 1})` };
    },
  }),
});
