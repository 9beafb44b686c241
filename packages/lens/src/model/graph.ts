/**
 * Finds what comes after a layer of a model. A marked seam: read in tfjs-layers 4.22, where `getConfig().activation` is the activation's name, where
 * wrappers and recurrent layers pass their input on as it is, and where a layer runs once for each of its outputs that is needed.
 */
import { isKernel, type Weight, weightsOf } from '@keepprob/core';
import { type Call, callsIn, isModel } from '@keepprob/core/driver';
import { isIdentityAtInference, isLayerPlugin, type Layer } from '@keepprob/core/layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';

/** The outputs of a layer; for an input layer, the inputs of the model. */
const tensorsOf = (model: LayersModel, layer: Layer): SymbolicTensor[] => [
  ...callsIn(model).flatMap(call => (call.layer === layer ? call.outputs : [])),
  ...model.inputs.filter(({ sourceLayer }) => sourceLayer === layer),
];

function callsBehind(model: LayersModel, layer: Layer): Call[] {
  const tensors = tensorsOf(model, layer);
  return callsIn(model).filter(({ inputs }) => inputs.some(input => tensors.includes(input)));
}

/** The layers that take the output of `layer`, once per use. */
export const consumersOf = (model: LayersModel, layer: Layer): Layer[] =>
  callsBehind(model, layer).map(call => call.layer);

/** How often `layer` runs in one forward pass of the model, including nested models. */
export function usesOf(model: LayersModel, layer: Layer): number {
  const calls = callsIn(model);
  const needed = new Set([...model.outputs, ...calls.flatMap(({ inputs }) => inputs)]);
  return calls.reduce((uses, { layer: called, outputs }) => {
    const inside = called === layer ? 1 : isModel(called) ? usesOf(called, layer) : 0;
    return uses + inside * outputs.filter(output => needed.has(output)).length;
  }, 0);
}

/** Whether `layer` takes an input of the model. */
export const takesInput = (model: LayersModel, layer: Layer): boolean =>
  callsIn(model).some(call => call.layer === layer && call.inputs.some(input => model.inputs.includes(input)));

export const isOutput = (model: LayersModel, layer: Layer): boolean =>
  tensorsOf(model, layer).some(tensor => model.outputs.includes(tensor));

/** The layer that TF.js calls to compute the output of `layer`: if `layer` is a model that is the first layer of a Sequential, its last layer. */
export const calledFor = (model: LayersModel, layer: Layer): Layer => tensorsOf(model, layer)[0]?.sourceLayer ?? layer;

/** Name of a layer's activation; 'linear' if it has none. */
export function activationOf(layer: Layer): string {
  const className = layer.getClassName();
  if (['ReLU', 'LeakyReLU', 'PReLU', 'ELU', 'ThresholdedReLU', 'Softmax'].includes(className)) return className;
  const { activation } = layer.getConfig();
  return typeof activation === 'string' ? activation : 'linear';
}

/** Layers that pass on each value unchanged and keep the order of the values within a row. */
const passing = ['Flatten', 'Reshape'];
export const passesOn = (layer: Layer): boolean =>
  passing.includes(layer.getClassName()) ||
  isIdentityAtInference(layer) ||
  (layer.getClassName() === 'Activation' && activationOf(layer) === 'linear');

/** Layers that are affine if they have no activation; batch norm is affine at inference. */
const affine = [
  ...[
    'Dense',
    'Conv1D',
    'Conv2D',
    'Conv3D',
    'Conv2DTranspose',
    'Conv3DTranspose',
    'DepthwiseConv2D',
    'SeparableConv2D',
  ],
  ...['AveragePooling1D', 'AveragePooling2D', 'AveragePooling3D', 'GlobalAveragePooling1D', 'GlobalAveragePooling2D'],
  ...['Add', 'Average', 'Concatenate', 'Permute', 'RepeatVector', 'ZeroPadding2D', 'Cropping2D', 'UpSampling2D'],
  'BatchNormalization',
];

/**
 * Whether the model's output is an affine function of the output of `layer`, up to `link`: the output activation for which the loss is the canonical one.
 */
export function linearBehind(model: LayersModel, layer: Layer, link: readonly string[]): boolean {
  const consumers = consumersOf(model, layer);
  if (!consumers.length) return isOutput(model, layer);
  return consumers.every(consumer => {
    const activation = activationOf(consumer);
    const ends = isOutput(model, consumer);
    const known =
      passesOn(consumer) || affine.includes(consumer.getClassName()) || consumer.getClassName() === 'Activation';
    const straight = activation === 'linear' || (ends && link.includes(activation));
    return known && straight && linearBehind(model, consumer, link);
  });
}

/** A weight matrix that multiplies the output of a layer. */
export interface Reader {
  readonly layer: Layer;
  readonly weight: Weight;
  /** The input axis of the weight. */
  readonly axis: number;
}

/** Classes that pass their input on to the layer inside them. */
const handing = ['TimeDistributed', 'Bidirectional', 'RNN', 'SimpleRNN', 'GRU', 'LSTM', 'ConvLSTM2D'];
const handedOn = /^\d[^/]*(\/(layer|cell|forward|backward))*\/[^/]+$/;

/**
 * The layer of the model whose input a weight multiplies: the layer that has the weight, or a wrapper or recurrent layer around it. Undefined for weights in
 * a nested model or in a layer that is made of layers, whose inputs are not those of the whole.
 */
export function layerWith(model: LayersModel, weight: Weight): Layer | undefined {
  const lists = (layer: Layer): boolean => !isModel(layer) && layer.weights.some(own => own.read() === weight.variable);
  const first = model.layers[Number.parseInt(weight.path, 10)];
  const layer = first && lists(first) ? first : model.layers.find(lists);
  if (layer !== first || !layer) return layer;
  const isOwn = weight.path.split('/').length === 2;
  const hands = handing.includes(layer.getClassName()) || isLayerPlugin(layer);
  return isOwn || (hands && handedOn.test(weight.path)) ? layer : undefined;
}

/**
 * The matrices that multiply the output of `layer` next, through layers that only pass it on; undefined if something else takes it as well, such as an
 * activation, pooling, a nested model, or a recurrent layer whose state starts from it.
 */
export function readersOf(model: LayersModel, layer: Layer): Reader[] | undefined {
  const weights = weightsOf(model).filter(isKernel);
  const tensors = tensorsOf(model, layer);
  const found: Reader[] = [];
  for (const { layer: consumer, inputs } of callsBehind(model, layer)) {
    const [weight, ...others] = weights.filter(w => w.role !== 'recurrent' && layerWith(model, w) === consumer);
    const isState = inputs.slice(1).some(input => tensors.includes(input));
    if (passesOn(consumer)) {
      const behind = readersOf(model, consumer);
      if (!behind) return undefined;
      found.push(...behind);
    } else if (weight && !isState && consumer.getConfig().dataFormat !== 'channelsFirst') {
      const transposed = consumer.getClassName().endsWith('Transpose');
      const all = consumer.getClassName() === 'SeparableConv2D' ? [weight] : [weight, ...others];
      found.push(...all.map(w => ({ layer: consumer, weight: w, axis: w.variable.rank - (transposed ? 1 : 2) })));
    } else return undefined;
  }
  return found.length ? found : undefined;
}

/** Activation, normalization and pooling belong to the layer before them. */
const ofBlock =
  /^(Activation|ReLU|LeakyReLU|PReLU|ELU|ThresholdedReLU|Softmax|BatchNormalization|LayerNormalization|.*Pooling\dD)$/;

/** The last layer of a block: its output is the input of the layers after it, or of dropout. */
export function lastOfBlock(model: LayersModel, layer: Layer): Layer {
  const [next, ...others] = consumersOf(model, layer);
  if (!next || others.length || isOutput(model, layer) || !ofBlock.test(next.getClassName())) return layer;
  return lastOfBlock(model, next);
}
