/**
 * The layers of a model that draw when it is sampled: layer plugins, and stock dropouts, which take part as if they were ours. A marked
 * seam: read in tfjs-layers 4.22, where `Layer.apply` and wrappers reach a layer through its property `call`, and where `rate` and
 * `noiseShape` are in the config of `Dropout`.
 */
import { OptionError } from '@keepprob/core';
import { forwardContext, isLayerPlugin, type Layer, layerTree } from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { dropoutForward } from '../layers/dropout.ts';
import type { NoiseShape } from '../options/noiseShape.ts';

/** Stock classes whose draws ours can make, and the shape of their noise. */
const known: Readonly<Record<string, (config: { readonly noiseShape?: NoiseShape }) => NoiseShape>> = {
  Dropout: ({ noiseShape = null }) => noiseShape,
  SpatialDropout1D: () => [null, 1, null],
};

const rate = (layer: Layer): number => {
  const { rate = 0, dropout = 0, recurrentDropout = 0 } = layer.getConfig() as Record<string, number>;
  return Math.max(rate, dropout, recurrentDropout);
};

const isStock = (layer: Layer): boolean => layer.getClassName() in known && rate(layer) > 0;

/** keepProb 1 is off; schedules, and plugins that have no keepProb, count as on. */
function isOn(layer: Layer): boolean {
  const { options } = layer as unknown as { readonly options?: Readonly<Record<string, unknown>> };
  const keepProbs = ['keepProb', 'recurrentKeepProb', 'fixedKeepProb'].filter(key => options && key in options);
  return keepProbs.length === 0 || keepProbs.some(key => options?.[key] !== 1);
}

const stockDropout = /^(GaussianDropout|AlphaDropout|.*Cell)$/;

/**
 * In the order that gives them their sites.
 * @throws OptionError for a model without any, or with a dropout of TF.js that cannot be seeded
 */
export function stochasticLayers(owner: string, model: LayersModel): Layer[] {
  const layers = layerTree(model).map(({ layer }) => layer);
  const foreign = layers.find(
    layer => stockDropout.test(layer.getClassName()) && !isLayerPlugin(layer) && rate(layer) > 0,
  );
  if (foreign) {
    const expected =
      'dropout that can be seeded: layers of @keepprob/dropout, or tf.layers.dropout and spatialDropout1D';
    const advice = `${foreign.name} of class ${foreign.getClassName()}; a saved model loads ours after register({ override: [className] })`;
    throw OptionError.of(owner, 'model', expected, advice);
  }
  const drawing = layers.filter(layer => isLayerPlugin(layer) || isStock(layer));
  if (!drawing.some(layer => isStock(layer) || isOn(layer))) throw nothingDrawn(owner, model);
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
  const stock = layers.filter(isStock);
  try {
    for (const layer of stock) Object.defineProperty(layer, 'call', { value: drawing(layer), configurable: true });
    return f();
  } finally {
    for (const layer of stock) delete (layer as { call?: unknown }).call;
  }
}

const drawing =
  (layer: Layer) =>
  (inputs: tf.Tensor | tf.Tensor[], kwargs: object): tf.Tensor =>
    tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor;
      const noiseShape = known[layer.getClassName()]!(layer.getConfig());
      return dropoutForward(x, 1 - rate(layer), noiseShape, forwardContext(layer, kwargs)!);
    });
