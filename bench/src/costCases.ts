/** Every technique of every family, with the options that one would begin with. */
import { catalogue as augment } from '@keepprob/augment/catalogue';
import { catalogue as averaging } from '@keepprob/averaging/catalogue';
import type { Plugins } from '@keepprob/core';
import type { BenchNet, Entry, LayerEntry, PluginEntry } from '@keepprob/core/catalogue';
import { catalogue as dropout } from '@keepprob/dropout/catalogue';
import { catalogue as gradients } from '@keepprob/gradients/catalogue';
import { catalogue as l1 } from '@keepprob/l1/catalogue';
import { catalogue as l2 } from '@keepprob/l2/catalogue';
import { catalogue as schedules } from '@keepprob/schedules/catalogue';
import { catalogue as stopping } from '@keepprob/stopping/catalogue';
import * as tf from '@tensorflow/tfjs';
import type { Parts } from './costNets.ts';

export interface Case {
  readonly net: BenchNet;
  /** Training plugins, made for the model. */
  readonly plugins?: (model: tf.LayersModel) => Plugins;
  /** What the net has beside its own layers, and what the one has that it is compared with. */
  readonly parts: Parts;
  readonly plain: Parts;
  /** Why it costs more than a tenth of the step, where it does. */
  readonly why?: string;
}

/** The same net with the plugin and without. */
function ofPlugin({ options, bench: { layerArguments, ...bench }, trial, make, of }: PluginEntry): Case {
  const layers = layerArguments ? undefined : trial.layers;
  const parts: Parts = {
    ...(layerArguments && { args: layerArguments() }),
    ...(layers && { behind: () => layers()[0]! }),
  };
  return { ...bench, parts, plain: parts, plugins: model => make(options, { model, of: of() }) };
}

/** The net with the layer and without, or with the recurrent layer that it stands for. */
function ofLayer({ options, bench: { place, stock, ...bench }, make }: LayerEntry): Case {
  const parts: Parts =
    place === 'recurrent'
      ? { recurrent: args => make({ ...options, ...args }) }
      : { [place]: (around?: tf.layers.Layer) => make(options, around) };
  return { ...bench, parts, plain: stock ? { recurrent: tf.layers[stock] } : {} };
}

/** What goes around others names those. */
const nameOf = (entry: PluginEntry | LayerEntry): string =>
  entry.kind === 'plugin' && entry.takes === 'plugins'
    ? `${entry.name}(${entry.of().map(({ name }) => name)})`
    : entry.name;

const techniques = (entry: Entry): entry is PluginEntry | LayerEntry => entry.kind !== 'schedule';

export const cases: Readonly<Record<string, Case>> = Object.fromEntries(
  [...dropout, ...l1, ...l2, ...averaging, ...gradients, ...schedules, ...stopping, ...augment]
    .filter(techniques)
    .map(entry => [nameOf(entry), entry.kind === 'plugin' ? ofPlugin(entry) : ofLayer(entry)]),
);
