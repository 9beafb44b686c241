import { flatten, OptionError, option, type TrainingPlugin } from '@keepprob/core';
import { nested } from './nested.ts';

const epochsOption = option.number({ min: 0, integer: true });

/** The plugin in the epochs that `active` picks; the batch as it was in all others. */
function during(
  owner: string,
  plugin: TrainingPlugin,
  epochs: number,
  active: (epoch: number) => boolean,
): TrainingPlugin {
  if (!epochsOption.accepts(epochs)) throw OptionError.of(owner, 'epochs', epochsOption.expected, epochs);
  const [one] = flatten([plugin]) as [TrainingPlugin];
  const inner = nested(owner, [one]);
  return Object.freeze<TrainingPlugin>({
    name: `${owner}(${one.name})`,
    apiVersion: 1,
    config: { plugins: inner.config, epochs },
    streams: inner.streams,
    setup(context) {
      const [change] = inner.setup(context) as [ReturnType<typeof inner.setup>[number]];
      return { batch: (batch, at) => (active(at.epoch) ? change(batch, at) : batch) };
    },
  });
}

/**
 * The plugin in the first `epochs` epochs only: `untilEpoch(mixup(0.2), 180)` of 200, so that the last ones train on plain data (He et al. 2019).
 * In stock fit pass `callbacks: reg.callback`, from which the epoch is known. For plugins that act on batches alone.
 */
export const untilEpoch = (plugin: TrainingPlugin, epochs: number): TrainingPlugin =>
  during('untilEpoch', plugin, epochs, epoch => epoch < epochs);

/** The plugin after the first `epochs` epochs: the rest of `untilEpoch`. */
export const fromEpoch = (plugin: TrainingPlugin, epochs: number): TrainingPlugin =>
  during('fromEpoch', plugin, epochs, epoch => epoch >= epochs);
