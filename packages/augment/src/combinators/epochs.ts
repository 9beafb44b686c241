import { OptionError, option, type TrainingPlugin } from '@keepprob/core';
import { aroundBatches } from './aroundBatches.ts';

const count = option.number({ min: 0, integer: true });
const options = { epochs: count };

/** The plugin in the epochs that `active` picks; the batch as it was in all others. */
function during(
  name: string,
  plugin: TrainingPlugin,
  epochs: number,
  active: (epoch: number) => boolean,
): TrainingPlugin {
  if (!count.accepts(epochs)) throw OptionError.of(name, 'epochs', count.expected, epochs);
  return aroundBatches({
    name,
    plugins: [plugin],
    options: { epochs },
    change: inner => (batch, at) => (active(at.epoch) ? inner.reduce((so, change) => change(so, at), batch) : batch),
  });
}

/**
 * The plugin in the first `epochs` epochs only: `untilEpoch(mixup(0.2), 180)` of 200 lets the last ones train on plain data.
 * In stock fit pass `callbacks: reg.callback`, from which the epoch is known. For plugins that act on batches alone.
 */
export const untilEpoch = Object.assign(
  (plugin: TrainingPlugin, epochs: number): TrainingPlugin =>
    during('untilEpoch', plugin, epochs, epoch => epoch < epochs),
  { definition: { name: 'untilEpoch', options } },
);

/** The plugin after the first `epochs` epochs: the rest of `untilEpoch`. */
export const fromEpoch = Object.assign(
  (plugin: TrainingPlugin, epochs: number): TrainingPlugin =>
    during('fromEpoch', plugin, epochs, epoch => epoch >= epochs),
  { definition: { name: 'fromEpoch', options } },
);
