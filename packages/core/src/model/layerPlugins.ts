/** Which layers of a model are layer plugins, in the order that gives them their sites. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Layer, layerTree } from './layerTree.ts';

/** Marks a layer that draws from `forwardContext`; a symbol, so that two copies of this package agree. */
export const layerPlugin: unique symbol = Symbol.for('keepprob.layerPlugin') as never;

export const isLayerPlugin = (layer: object): boolean => layerPlugin in layer;

/** The layer plugins of the model in `model.layers` order, nested models flattened; a shared one once. */
export const layerPluginsOf = (model: LayersModel): Layer[] =>
  layerTree(model)
    .map(({ layer }) => layer)
    .filter(isLayerPlugin);

/** Site of a layer in no run: the number of layer plugins upstream of its first call; in a Sequential, its ordinal. */
export function upstream(layer: Layer): number {
  const seen = new Set<Layer>();
  const visit = ({ inboundNodes: [first] }: Layer): void => {
    for (const source of first?.inboundLayers ?? []) {
      if (seen.has(source)) continue;
      seen.add(source);
      visit(source);
    }
  };
  visit(layer);
  return [...seen].filter(l => l !== layer && isLayerPlugin(l)).length;
}
