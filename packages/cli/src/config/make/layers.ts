/** Layers by name: TF.js' own, ours (which replace TF.js' layers of the same name), and wrappers around either. */
import { OptionError } from '@keepprob/core';
import type { LayerEntry } from '@keepprob/core/catalogue';
import { messages as core, nearest } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs';
import { named } from '../catalogue.ts';
import { choose } from '../choose.ts';
import type { LayerSpec } from '../config.ts';
import { within } from '../within.ts';
import { withSchedules } from './schedules.ts';
import { layerArguments, makeStock, type StockLayer, stockLayers } from './stockLayers.ts';
import { noStrangers, type Strangers } from './strangers.ts';
import { checkWords } from './words.ts';

type Layer = tf.layers.Layer;
type Factory = Pick<LayerEntry, 'takes' | 'make'>;

const stock = Object.fromEntries(
  Object.entries(stockLayers).map(([name, own]): [string, Factory] => [
    name,
    {
      takes: 'options',
      make(options) {
        checkNames(name, options, Object.keys(own));
        checkWords(name, options);
        return makeStock(name as StockLayer, options);
      },
    },
  ]),
);

/** TF.js' wrappers, with their arguments other than the layer. */
const wrapper = (name: 'bidirectional' | 'timeDistributed', own: readonly string[]): Factory => ({
  takes: 'layer',
  make(options, layer) {
    checkNames(name, options, own);
    return (tf.layers[name] as (args: object) => Layer)({ layer, ...options });
  },
});

const factories: Readonly<Record<string, Factory>> = {
  ...stock,
  bidirectional: wrapper('bidirectional', ['mergeMode']),
  timeDistributed: wrapper('timeDistributed', []),
  ...named('layer'),
};

const wrappers = Object.keys(factories).filter(name => factories[name]?.takes === 'layer');

function checkNames(name: string, options: object, own: readonly string[]): void {
  const known = [...own, ...Object.keys(layerArguments)];
  for (const [option, received] of Object.entries(options)) {
    if (known.includes(option)) continue;
    throw new OptionError(core.optionUnknown(name, option, nearest(option, known), known), { option, received });
  }
}

/**
 * @param strangers third-party layers, as found by `strangersIn`
 * @throws OptionError for an unknown layer or option, or anything that the layer's factory refuses
 */
export function layerOf(where: string, spec: LayerSpec, strangers: Strangers = noStrangers): Layer {
  const { layer: name, of, ...given } = spec;
  const { takes, make } = choose(where, 'layer', name, { ...factories, ...strangers.layers });
  const options = withSchedules(where, given) as object;
  if (takes === 'options') {
    if (of === undefined) return within(where, () => make(options));
    throw new OptionError(`${where}: ${name} wraps no layer; \`of\` is for ${wrappers.join(', ')}.`);
  }
  if (of === undefined)
    throw new OptionError(
      `${where}: ${name} wraps a layer. Name it as \`of\`: { "layer": "${name}", "of": { "layer": … } }.`,
    );
  const inner = layerOf(`${where}.of`, of, strangers);
  return within(where, () => make(options, inner));
}
