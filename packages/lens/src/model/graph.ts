/**
 * What lies behind a layer of a model. A marked seam: read in tfjs-layers 4.22, where `getConfig().activation` is the activation's name, where
 * wrappers and recurrent layers hand their input on as it is, and where a layer runs once for each of its outputs that is needed.
 */
import { isKernel, type Weight, weightsOf } from '@keepprob/core';
import { type Call, callsIn, isModel } from '@keepprob/core/driver';
import { isIdentityAtInference, isLayerPlugin, type Layer } from '@keepprob/core/layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';

/** What comes out of a layer, or out of the data where it is an input. */
const tensorsOf = (model: LayersModel, layer: Layer): SymbolicTensor[] => [
  ...callsIn(model).flatMap(call => (call.layer === layer ? call.outputs : [])),
  ...model.inputs.filter(({ sourceLayer }) => sourceLayer === layer),
];

function callsBehind(model: LayersModel, layer: Layer): Call[] {
  const tensors = tensorsOf(model, layer);
  return callsIn(model).filter(({ inputs }) => inputs.some(input => tensors.includes(input)));
}

/** The layers that take the output of `layer`, once for each use. */
export const consumersOf = (model: LayersModel, layer: Layer): Layer[] =>
  callsBehind(model, layer).map(call => call.layer);

/** How often `layer` runs in one forward pass of the model, also within nested models. */
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

/** The layer that TF.js calls for what comes out of `layer`: of a model that is the first layer of a Sequential its last one. */
export const calledFor = (model: LayersModel, layer: Layer): Layer => tensorsOf(model, layer)[0]?.sourceLayer ?? layer;

/** Name of a layer's activation; 'linear' where it has none. */
export function activationOf(layer: Layer): string {
  const className = layer.getClassName();
  if (['ReLU', 'LeakyReLU', 'PReLU', 'ELU', 'ThresholdedReLU', 'Softmax'].includes(className)) return className;
  const { activation } = layer.getConfig();
  return typeof activation === 'string' ? activation : 'linear';
}

/** Layers that hand on each number as it is, and keep the order of numbers within a row. */
const passing = ['Flatten', 'Reshape'];
export const passesOn = (layer: Layer): boolean =>
  passing.includes(layer.getClassName()) ||
  isIdentityAtInference(layer) ||
  (layer.getClassName() === 'Activation' && activationOf(layer) === 'linear');

/** Affine maps where they have no activation of their own; batch norm is one at inference. */
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
 * Whether what the model gives out is an affine function of what comes out of `layer`, up to `link`: the activation of the output, for which
 * the loss is the canonical one.
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

/** A weight matrix that multiplies what comes out of a layer. */
export interface Reader {
  readonly layer: Layer;
  readonly weight: Weight;
  /** Axis of the weight that counts inputs. */
  readonly axis: number;
}

/** Classes that hand their input on to the layer in them. */
const handing = ['TimeDistributed', 'Bidirectional', 'RNN', 'SimpleRNN', 'GRU', 'LSTM', 'ConvLSTM2D'];
const handedOn = /^\d[^/]*(\/(layer|cell|forward|backward))*\/[^/]+$/;

/**
 * The layer of the model whose input a weight meets: the one that has it, or a wrapper or recurrent layer around that. Undefined for weights in a
 * nested model or in a layer that is made of layers, whose inputs are not those of the whole.
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
 * The matrices that the output of `layer` meets next, through layers that only hand it on; undefined where it meets something else as well,
 * such as an activation, pooling, a nested model, or a recurrent layer whose state starts from it.
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

/** The last layer of a block: what the layers behind it, or dropout, get to see. */
export function lastOfBlock(model: LayersModel, layer: Layer): Layer {
  const [next, ...others] = consumersOf(model, layer);
  if (!next || others.length || isOutput(model, layer) || !ofBlock.test(next.getClassName())) return layer;
  return lastOfBlock(model, next);
}
