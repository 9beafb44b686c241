/** Which kernels read what a layer gives out: read from the graph that TF.js keeps, `outboundNodes`. */
import { isModel } from '@keepprob/core/driver';
import { type Layer, weightsIn } from '@keepprob/core/layers';
import type { LayerVariable } from '@tensorflow/tfjs-layers';

/** By layer: asked at every step, and the same once a layer is built. */
const readers = new WeakMap<Layer, LayerVariable[]>();

/** The matrices that a layer puts its input through; a recurrent layer has another one for its state, a separable convolution one for what is between. */
function readersOf(layer: Layer): LayerVariable[] {
  const known = readers.get(layer);
  if (known) return known;
  const weights = weightsIn(layer);
  const separable = new Set(weights.filter(({ role }) => role === 'depthwise').map(({ place }) => place));
  const reading = weights.filter(({ role, place }) => role === (separable.has(place) ? 'depthwise' : 'kernel'));
  const kernels = reading.map(({ weight }) => weight);
  if (layer.built) readers.set(layer, kernels);
  return kernels;
}

/** The kernels of the layers that `layer` feeds: of each the next one downstream, through layers without a kernel and into nested models. */
export function kernelsBehind(layer: Layer): LayerVariable[] {
  const found = new Set<LayerVariable>();
  const seen = new Set<Layer>();
  const follow = (from: Layer): void => {
    for (const { outboundLayer: next } of from.outboundNodes) {
      if (seen.has(next)) continue;
      seen.add(next);
      if (isModel(next)) {
        for (const input of next.inputs) follow(input.sourceLayer);
        continue;
      }
      const kernels = readersOf(next);
      for (const kernel of kernels) found.add(kernel);
      if (kernels.length === 0) follow(next);
    }
  };
  follow(layer);
  return [...found];
}
