/**
 * The layers that noise at some sites does not affect, because they do not come after any of them. Their outputs are computed once, and not again for
 * every mask and every backward pass.
 */
import type { Layer } from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { consumersOf, usesOf } from '../model/graph.ts';
import type { NoiseSite } from '../model/noiseSites.ts';
import { infer, type Tap, withTaps } from '../model/tap.ts';

/** Layers that pass on masks of time steps must run. */
const masking = ['Masking', 'Embedding'];

/** Empty if it cannot be determined: sites in nested models, layers used more than once, masks of time steps. */
export function unaffectedBy(model: LayersModel, sites: readonly NoiseSite[]): Layer[] {
  const known =
    sites.every(({ layer }) => model.layers.includes(layer)) &&
    model.layers.every(layer => usesOf(model, layer) <= 1 && !masking.includes(layer.getClassName()));
  if (!known) return [];
  const affected = new Set<Layer>();
  const visit = (layer: Layer): void => {
    if (affected.has(layer)) return;
    affected.add(layer);
    for (const consumer of consumersOf(model, layer)) visit(consumer);
  };
  for (const { layer, kind } of sites) {
    if (kind === 'layer') visit(layer);
    else for (const consumer of consumersOf(model, layer)) visit(consumer);
  }
  return model.layers.filter(layer => !affected.has(layer) && layer.getClassName() !== 'InputLayer');
}

/** One pass without noise: the model's output, and the outputs of these layers, which the caller disposes. */
export function outputsOf(
  model: LayersModel,
  inputs: readonly tf.Tensor[],
  layers: Iterable<Layer>,
  outputs: Map<Layer, tf.Tensor>,
): tf.Tensor {
  const see = (layer: Layer): Tap => {
    return (x, call) => {
      const y = call(x);
      outputs.set(layer, tf.keep(tf.clone(y)));
      return y;
    };
  };
  return withTaps(new Map([...layers].map(layer => [layer, see(layer)])), () => infer(model, inputs));
}

/** Taps that return the known outputs. */
export const skipping = (layers: readonly Layer[], outputs: ReadonlyMap<Layer, tf.Tensor>): Map<Layer, Tap> =>
  // clones, since a model disposes the inputs of its layers
  new Map(layers.map(layer => [layer, () => tf.clone(outputs.get(layer) as tf.Tensor)]));
