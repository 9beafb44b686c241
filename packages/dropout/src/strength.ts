/**
 * Every dropout of a model, ours and stock's, as something whose keepProb can be set. A marked seam: read in tfjs-layers 4.22,
 * where `rate` of the noise layers and `dropout`, `recurrentDropout` of recurrent cells are read at every call; 0 is off.
 */
import { isLayerPlugin, type Layer, layerTree, type PluginLayer } from '@keepprob/core/layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ConcreteDropoutConfig } from './concreteDropout.ts';
import type { DropoutConfig } from './dropout.ts';
import type { RecurrentDropoutConfig, RecurrentDropoutLayer } from './recurrentDropout.ts';

export interface Strength {
  /** Name of the layer, as the model's author gave it. */
  readonly name: string;
  /** Gives back what puts the old value back. */
  set(keepProb: number): () => void;
}

const stockClasses = ['Dropout', 'SpatialDropout1D', 'GaussianDropout', 'AlphaDropout'];
const cellFields = ['dropout', 'recurrentDropout'] as const;

/** A field of a stock layer that holds 1 − keepProb. */
function rateField(name: string, layer: Layer, field: 'rate' | (typeof cellFields)[number]): Strength {
  const rates = layer as unknown as Record<string, number>;
  return {
    name,
    set(keepProb) {
      const before = rates[field] as number;
      rates[field] = 1 - keepProb;
      return () => {
        rates[field] = before;
      };
    },
  };
}

/** Ours with a keepProb for the input and one for the state. */
const recurrent = (name: string, layer: RecurrentDropoutLayer): Strength[] =>
  (['keepProb', 'recurrentKeepProb'] as const)
    .filter(field => layer.options[field] !== 1)
    .map(field => ({
      name,
      set(keepProb) {
        const before = layer.options[field];
        layer.setOptions({ [field]: keepProb });
        return () => void layer.setOptions({ [field]: before });
      },
    }));

/** The dropouts of the model in `model.layers` order. Cells count where they drop something. */
export const dropoutsOf = (model: LayersModel): Strength[] =>
  layerTree(model).flatMap(({ layer, name }): Strength[] => {
    if (isLayerPlugin(layer)) {
      const ours = layer as unknown as PluginLayer<DropoutConfig & RecurrentDropoutConfig & ConcreteDropoutConfig>;
      const { name: own } = layer;
      if ('fixedKeepProb' in ours.options) return [{ name: own, set: k => ours.setOptions({ fixedKeepProb: k }) }];
      if ('recurrentKeepProb' in ours.options) return recurrent(name, ours as unknown as RecurrentDropoutLayer);
      return 'keepProb' in ours.options ? [{ name: own, set: keepProb => ours.setOptions({ keepProb }) }] : [];
    }
    if (stockClasses.includes(layer.getClassName())) return [rateField(layer.name, layer, 'rate')];
    const cell = layer as unknown as Partial<Record<(typeof cellFields)[number], unknown>>;
    return cellFields
      .filter(field => layer.getClassName().endsWith('Cell') && typeof cell[field] === 'number' && cell[field] > 0)
      .map(field => rateField(name, layer, field));
  });
