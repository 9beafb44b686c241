/** The places in a forward pass at which the second-order theory needs gradients. */
import type { Layer } from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import * as tfl from '@tensorflow/tfjs-layers';
import { activationOf } from '../model/graph.ts';
import { type NoiseSite, passThrough } from '../model/noiseSites.ts';
import { preActivation, type Tap } from '../model/tap.ts';

/** The dense layer for which λ is known by weight: the only one that reads the dropped units. */
export function denseReader(site: NoiseSite): Layer | undefined {
  const [reader, ...others] = site.readers ?? [];
  return reader && !others.length && reader.layer.getClassName() === 'Dense' ? reader.layer : undefined;
}

/** Activations that TF.js knows by name, as in the config of a Dense layer. */
type ActivationName = Parameters<typeof tfl.layers.activation>[0]['activation'];

/** Taps that compute x W + b separately, so that its gradient can be taken. */
function denseTaps(sites: readonly NoiseSite[], between: (layer: Layer, z: tf.Tensor) => tf.Tensor): Map<Layer, Tap> {
  const taps = new Map<Layer, Tap>();
  for (const layer of sites.map(denseReader)) {
    if (!layer) continue;
    const [kernel, bias] = layer.weights.map(w => w.read());
    const name = activationOf(layer);
    const activation = name === 'linear' ? undefined : tfl.layers.activation({ activation: name as ActivationName });
    taps.set(layer, x => {
      const z = between(layer, preActivation(x, kernel as tf.Tensor, bias));
      return activation ? (activation.call(z, {}) as tf.Tensor) : z;
    });
  }
  return taps;
}

/** A tensor that the output is differentiated with respect to: the activations of a site, or the pre-activations of the dense layer after it. */
export interface Slot {
  readonly of: NoiseSite | Layer;
  readonly value: tf.Tensor;
}

/** Captures the activations at every site and the pre-activations after it, in the order of the forward pass; the caller disposes them. */
export function capture(
  model: LayersModel,
  inputs: readonly tf.Tensor[],
  sites: readonly NoiseSite[],
  slots: Slot[],
  skip: ReadonlyMap<Layer, Tap>,
): tf.Tensor {
  const see = <T extends NoiseSite | Layer>(of: T, value: tf.Tensor): tf.Tensor => {
    slots.push({ of, value: tf.keep(tf.clone(value)) });
    return value;
  };
  return passThrough(model, inputs, sites, see, new Map([...skip, ...denseTaps(sites, see)]));
}

/** The model's output as a function of a perturbation added at each slot. */
export const perturbed =
  (model: LayersModel, inputs: readonly tf.Tensor[], sites: readonly NoiseSite[], skip: ReadonlyMap<Layer, Tap>) =>
  (...by: tf.Tensor[]) => {
    let next = 0;
    const add = (_: unknown, x: tf.Tensor): tf.Tensor => tf.add(x, by[next++] as tf.Tensor);
    return passThrough(model, inputs, sites, add, new Map([...skip, ...denseTaps(sites, add)]));
  };
