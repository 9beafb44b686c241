/** Which layers of a model are layer plugins, in the order that gives them their sites. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Layer, layerTree } from './layerTree.ts';
import { layersBefore } from './topology.ts';

/** Marks a layer that draws from `forwardContext`; a symbol, so that two copies of this package agree. */
export const layerPlugin: unique symbol = Symbol.for('keepprob.layerPlugin') as never;

export const isLayerPlugin = (layer: object): boolean => layerPlugin in layer;

/** The layer plugins of the model in `model.layers` order, nested models flattened; a shared one once. */
export const layerPluginsOf = (model: LayersModel): Layer[] =>
  layerTree(model)
    .map(({ layer }) => layer)
    .filter(isLayerPlugin);

/** Site of a layer in no run: the number of layer plugins upstream of its first call; in a Sequential, its ordinal. */
export const upstream = (layer: Layer): number =>
  layersBefore(layer).filter(source => source !== layer && isLayerPlugin(source)).length;
