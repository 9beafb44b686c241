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

type Call = Layer['inboundNodes'][number];

/**
 * Site of a layer in no run: the number of layer plugins upstream of its first call; in a Sequential, its ordinal. It follows the calls that lead there,
 * since a layer upstream may have been called before in another model, as those around what `keepProbs` inserts.
 */
export function upstream(layer: Layer): number {
  const seen = new Set<Call>();
  const plugins = new Set<Layer>();
  const visit = (call: Call | undefined): void => {
    if (!call || seen.has(call)) return;
    seen.add(call);
    for (const [i, source] of call.inboundLayers.entries()) {
      if (source !== layer && isLayerPlugin(source)) plugins.add(source);
      visit(source.inboundNodes[call.nodeIndices[i] ?? 0]);
    }
  };
  visit(layer.inboundNodes[0]);
  return plugins.size;
}
