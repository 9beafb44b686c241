import { messages, OptionError } from '@keepprob/core';
import { layerPluginsOf, type PluginLayer } from '@keepprob/core/layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { DropoutConfig } from './dropout.ts';

/** Layers whose strength is a keepProb. */
const dropoutsOf = (model: LayersModel): PluginLayer<DropoutConfig>[] =>
  (layerPluginsOf(model) as unknown as PluginLayer<DropoutConfig>[]).filter(layer => 'keepProb' in layer.options);

/**
 * Sets the keepProb of every dropout in the model, or of the named ones; 1 turns them off. Takes effect at the next step.
 * @returns what restores the values that were there
 * @throws OptionError for a keepProb out of (0, 1] or an unknown name, before anything is changed
 */
export function setKeepProb(model: LayersModel, keepProb: number | Readonly<Record<string, number>>): () => void {
  const layers = dropoutsOf(model);
  const table = typeof keepProb === 'number' ? Object.fromEntries(layers.map(l => [l.name, keepProb])) : keepProb;
  for (const name of Object.keys(table)) {
    if (!layers.some(layer => layer.name === name)) {
      throw new OptionError(
        messages.layerUnknown(
          'setKeepProb',
          name,
          layers.map(l => l.name),
        ),
        { option: name, expected: 'the name of a dropout layer', received: name },
      );
    }
  }
  for (const value of Object.values(table)) {
    if (!(value > 0 && value <= 1)) throw OptionError.of('setKeepProb', 'keepProb', 'a number > 0 ≤ 1', value);
  }
  const restores = layers
    .filter(layer => layer.name in table)
    .map(layer => layer.setOptions({ keepProb: table[layer.name] as number }));
  return () => {
    for (const restore of restores) restore();
  };
}
