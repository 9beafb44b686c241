/** Layers by name: TF.js' own, ours (which take the place of TF.js' where both have the name), and wrappers around either. */

import { OptionError } from '@keepprob/core';
import { messages as core, nearest } from '@keepprob/core/driver';
import {
  alphaDropout,
  concreteDropout,
  dropBlock2D,
  dropConnect,
  dropout,
  dropoutGRU,
  dropoutLSTM,
  dropoutSimpleRNN,
  embeddingDropout,
  featureAlphaDropout,
  gaussianDropout,
  gaussianNoise,
  spatialDropout1D,
  spatialDropout2D,
  spatialDropout3D,
  wordDropout,
} from '@keepprob/dropout';
import { activityRegularization, spectralNorm, weightNorm } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';
import { choose } from './choose.ts';
import type { LayerSpec } from './config.ts';
import { withSchedules } from './schedules.ts';
import { layerArguments, makeStock, type StockLayer, stockLayers } from './stockLayers.ts';
import { within } from './within.ts';

type Layer = tf.layers.Layer;
type Make = (options: never) => Layer;
type Wrap = (layer: Layer, options: never) => Layer;

const ours: Readonly<Record<string, Make>> = {
  activityRegularization,
  alphaDropout,
  concreteDropout,
  dropBlock2D,
  dropout,
  dropoutGRU,
  dropoutLSTM,
  dropoutSimpleRNN,
  featureAlphaDropout,
  gaussianDropout,
  gaussianNoise,
  spatialDropout1D,
  spatialDropout2D,
  spatialDropout3D,
  wordDropout,
};

/** TF.js' wrappers, with the arguments that they have beside the layer. */
const wrapped =
  (name: 'bidirectional' | 'timeDistributed', own: readonly string[]): Wrap =>
  (layer, options) => {
    checkNames(name, options, own);
    return (tf.layers[name] as (args: object) => Layer)({ layer, ...(options as object) });
  };

const wrappers: Readonly<Record<string, Wrap>> = {
  bidirectional: wrapped('bidirectional', ['mergeMode']),
  dropConnect,
  embeddingDropout,
  spectralNorm,
  timeDistributed: wrapped('timeDistributed', []),
  weightNorm,
};

const stock = Object.fromEntries(
  Object.entries(stockLayers).map(([name, own]): [string, Make] => [
    name,
    options => {
      checkNames(name, options, Object.keys(own));
      return makeStock(name as StockLayer, options);
    },
  ]),
);

const factories: Readonly<Record<string, Make | Wrap>> = { ...stock, ...ours, ...wrappers };

/** The names of all layers. */
export const layerNames: readonly string[] = Object.keys(factories);

function checkNames(name: string, options: object, own: readonly string[]): void {
  const known = [...own, ...Object.keys(layerArguments)];
  for (const [option, received] of Object.entries(options)) {
    if (known.includes(option)) continue;
    throw new OptionError(core.optionUnknown(name, option, nearest(option, known), known), { option, received });
  }
}

/** @throws OptionError for a layer or an option that there is not, or what the layer's factory refuses */
export function layerOf(where: string, spec: LayerSpec): Layer {
  const { layer: name, of, ...given } = spec;
  const make = choose(where, 'layer', name, factories);
  const options = withSchedules(where, given) as never;
  if (!(name in wrappers)) {
    if (of === undefined) return within(where, () => (make as Make)(options));
    throw new OptionError(`${where}: ${name} wraps no layer; \`of\` is for ${Object.keys(wrappers).join(', ')}.`);
  }
  if (of === undefined)
    throw new OptionError(
      `${where}: ${name} wraps a layer. Name it as \`of\`: { "layer": "${name}", "of": { "layer": … } }.`,
    );
  const inner = layerOf(`${where}.of`, of);
  return within(where, () => (make as Wrap)(inner, options));
}
