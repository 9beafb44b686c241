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
 * Applies the plugin in the first `epochs` epochs only, so that the last ones train on plain data. It is for plugins that act only on batches.
 * In stock fit pass `callbacks: reg.callback`, which supplies the epoch.
 * @example
 * await fit(model, { x, y }, { ...options, epochs: 4, plugins: [untilEpoch(mixup(0.2), 3)] });
 * @throws OptionError for epochs that are not an integer ≥ 0; PluginError for an argument that is not a plugin, and, when training begins, for a plugin
 * with other hooks than `batch`
 */
export const untilEpoch = Object.assign(
  (plugin: TrainingPlugin, epochs: number): TrainingPlugin =>
    during('untilEpoch', plugin, epochs, epoch => epoch < epochs),
  { definition: { name: 'untilEpoch', options } },
);

/**
 * Applies the plugin after the first `epochs` epochs: the counterpart of `untilEpoch`.
 * @example
 * await fit(model, { x, y }, { ...options, epochs: 4, plugins: [fromEpoch(labelSmoothing(0.1), 2)] });
 * @throws OptionError for epochs that are not an integer ≥ 0; PluginError for an argument that is not a plugin, and, when training begins, for a plugin
 * with other hooks than `batch`
 */
export const fromEpoch = Object.assign(
  (plugin: TrainingPlugin, epochs: number): TrainingPlugin =>
    during('fromEpoch', plugin, epochs, epoch => epoch >= epochs),
  { definition: { name: 'fromEpoch', options } },
);
