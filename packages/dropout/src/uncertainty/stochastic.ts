/** The layers of a model that draw when it is sampled: layer plugins, and stock dropouts, which take part as if they were ours. */
import { OptionError } from '@keepprob/core';
import {
  forwardContext,
  hasKeepProb,
  isLayerPlugin,
  keepProbAt,
  type Layer,
  layerTree,
  type Noise,
  noiseOf,
  unlikeDropout,
  withCalls,
} from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { dropoutForward } from '../layers/dropout.ts';

/** The dropout that is on in a layer that draws from no key. */
const foreignDropout = (layer: Layer): readonly Noise[] =>
  isLayerPlugin(layer) ? [] : noiseOf(layer).filter(noise => noise.isOn && hasKeepProb(noise));

/** Where it is plain dropout, ours can be drawn in its place. */
function plainDropout(layer: Layer): Noise | undefined {
  const [noise, ...others] = foreignDropout(layer);
  return noise && !others.length && unlikeDropout(noise) === undefined ? noise : undefined;
}

/** A plugin that does not say what is random about it may be on: the first pass will tell. */
const mayDraw = (layer: Layer): boolean => {
  const noises = noiseOf(layer);
  return noises.some(({ isOn }) => isOn) || (noises.length === 0 && isLayerPlugin(layer));
};

/**
 * In the order that gives them their sites.
 * @throws OptionError for a model without any, or with a dropout of TF.js that cannot be seeded
 */
export function stochasticLayers(owner: string, model: LayersModel): Layer[] {
  const layers = layerTree(model).map(({ layer }) => layer);
  const foreign = layers.find(layer => foreignDropout(layer).length && !plainDropout(layer));
  if (foreign) {
    const expected =
      'dropout that can be seeded: layers of @keepprob/dropout, or tf.layers.dropout and spatialDropout1D';
    const advice = `${foreign.name} of class ${foreign.getClassName()}; a saved model loads ours after register({ override: [className] })`;
    throw OptionError.of(owner, 'model', expected, advice);
  }
  const drawing = layers.filter(layer => isLayerPlugin(layer) || plainDropout(layer));
  if (!drawing.some(mayDraw)) throw nothingDrawn(owner, model);
  return drawing;
}

export const nothingDrawn = (owner: string, model: LayersModel): OptionError =>
  OptionError.of(
    owner,
    'model',
    'a model with dropout that is on; put dropout({ keepProb }) into it, or use keepProbs(model, …)',
    model.layers.map(layer => layer.name),
  );

/** Runs `f`, in which the stock dropouts among these layers draw as ours do. */
export function withStockDropouts<T>(layers: readonly Layer[], f: () => T): T {
  const stock = layers.flatMap(layer => {
    const noise = plainDropout(layer);
    return noise ? [[layer, () => drawing(layer, noise)] as const] : [];
  });
  return withCalls(new Map(stock), f);
}

const drawing =
  (layer: Layer, noise: Noise) =>
  (inputs: tf.Tensor | tf.Tensor[], kwargs: object): tf.Tensor =>
    tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor;
      const at = forwardContext(layer, kwargs);
      return at ? dropoutForward(x, keepProbAt(noise, at), noise.noiseShape?.(x.shape) ?? null, at) : x;
    });
