/**
 * What lies behind a layer of a model. A marked seam: read in tfjs-layers 4.22, where `Container.nodesByDepth` holds the uses of layers that
 * belong to this model and to no other that shares them, and `getConfig().activation` is the activation's name.
 */
import { isKernel, type Weight, weightsOf } from '@keepprob/core';
import { isIdentityAtInference, type Layer } from '@keepprob/core/layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

type Node = Layer['inboundNodes'][number];

const nodesOf = (model: LayersModel): Node[] => Object.values(model.nodesByDepth).flat() as Node[];

/** The layers that take the output of `layer`, once for each use. */
export const consumersOf = (model: LayersModel, layer: Layer): Layer[] =>
  nodesOf(model)
    .filter(node => node.inboundLayers.includes(layer))
    .map(node => node.outboundLayer);

/** How often the model uses `layer` in one forward pass. */
export const usesOf = (model: LayersModel, layer: Layer): number =>
  nodesOf(model).filter(node => node.outboundLayer === layer).length;

export const isOutput = (model: LayersModel, layer: Layer): boolean =>
  model.outputs.some(output => output.sourceLayer === layer);

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

/**
 * The matrices that the output of `layer` meets next, through layers that only hand it on; undefined where it meets something else as well,
 * such as an activation, pooling or a nested model.
 */
export function readersOf(model: LayersModel, layer: Layer): Reader[] | undefined {
  const weights = weightsOf(model).filter(isKernel);
  const found: Reader[] = [];
  for (const consumer of consumersOf(model, layer)) {
    const [weight, ...others] = weights.filter(w => w.layer === consumer.name && w.role !== 'recurrent');
    if (passesOn(consumer)) {
      const behind = readersOf(model, consumer);
      if (!behind) return undefined;
      found.push(...behind);
    } else if (weight && consumer.getConfig().dataFormat !== 'channelsFirst') {
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
