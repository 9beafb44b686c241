/** The layer plugins of a model, in the order that determines their sites. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Core, checkCore } from '../copies.ts';
import { type Layer, layerTree } from './layerTree.ts';
import { layersBefore } from './topology.ts';

/**
 * Marks a layer that draws from `forwardContext`, with the copy of this package that it uses: `readonly [layerPlugin] = thisCore`.
 * @example
 * class Doubled extends tf.layers.Layer {
 *   static className = 'MyDoubled';
 *   [layerPlugin] = thisCore;
 *   call(inputs, kwargs) {
 *     const x = Array.isArray(inputs) ? inputs[0] : inputs;
 *     return forwardContext(this, kwargs) ? tf.mul(x, 2) : x;
 *   }
 * }
 * isLayerPlugin(new Doubled({})); // true
 */
export const layerPlugin: unique symbol = Symbol.for('keepprob.layerPlugin');

/**
 * Whether a layer is a layer plugin.
 * @example
 * isLayerPlugin(dropout({ keepProb: 0.5 })); // true
 * isLayerPlugin(tf.layers.dropout({ rate: 0.5 })); // false
 * @throws PluginError for a layer plugin that uses another version of the contract
 */
export function isLayerPlugin(layer: object): boolean {
  const { [layerPlugin]: core, name } = layer as Partial<{ readonly [layerPlugin]: Core; readonly name: string }>;
  if (core === undefined) return false;
  checkCore(core, `layer "${name}"`);
  return true;
}

/**
 * The layer plugins of the model in the order of `model.layers`. Nested models are flattened, and a shared layer counts once.
 * @example
 * layerPluginsOf(keepProbs(model, { hidden1: 0.5 })).length; // 1
 */
export const layerPluginsOf = (model: LayersModel): Layer[] =>
  layerTree(model)
    .map(({ layer }) => layer)
    .filter(isLayerPlugin);

/** Site of a layer outside any run: the number of layer plugins upstream of its first call; in a Sequential, its ordinal. */
export const upstream = (layer: Layer): number =>
  layersBefore(layer).filter(source => source !== layer && isLayerPlugin(source)).length;
