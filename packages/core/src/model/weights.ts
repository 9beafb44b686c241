/** The weights of a model with their descriptions: role and fan-in axes follow from the layer's class. */

import type { Variable } from '@tensorflow/tfjs-core';
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';
import type { Role, Weight } from '../contract.ts';
import { ownValue } from '../options/ownValue.ts';
import { nameOf, type PlacedWeight, placedWeights } from './identity.ts';
import { checkModel, type Layer, layersIn, layerTree, type Place } from './layerTree.ts';

/** The role of a weight in its layer, and the axes summed into one unit. */
export type Description = Pick<Weight, 'role' | 'fanInAxes'>;

/** A layer with its own weights may implement this to describe them, by the name passed to `addWeight`. */
export interface DescribesWeights {
  /** Role, fan-in axes and layer by the name of the weight. */
  describeWeights(): Readonly<Record<string, Description>>;
  /** A wrapper may also redescribe a weight of the layers in it. */
  describeInner?(weight: LayerVariable): Description | undefined;
}

type Known = readonly [role: Role, fanInAxes: readonly number[]];

/** Shape [inputs, …] for matrices; [space…, in, out] for convolutions; transposed ones have [space…, out, in]. */
const byClass: Readonly<Record<string, Readonly<Record<string, Known>>>> = {
  Dense: { kernel: ['kernel', [0]] },
  Conv1D: { kernel: ['kernel', [0, 1]] },
  Conv2D: { kernel: ['kernel', [0, 1, 2]] },
  Conv3D: { kernel: ['kernel', [0, 1, 2, 3]] },
  Conv2DTranspose: { kernel: ['kernel', [0, 1, 3]] },
  Conv3DTranspose: { kernel: ['kernel', [0, 1, 2, 4]] },
  DepthwiseConv2D: { depthwise_kernel: ['depthwise', [0, 1]] },
  SeparableConv2D: { depthwise_kernel: ['depthwise', [0, 1]], pointwise_kernel: ['kernel', [0, 1, 2]] },
  SimpleRNNCell: { kernel: ['kernel', [0]], recurrent_kernel: ['recurrent', [0]] },
  GRUCell: { kernel: ['kernel', [0]], recurrent_kernel: ['recurrent', [0]] },
  LSTMCell: { kernel: ['kernel', [0]], recurrent_kernel: ['recurrent', [0]] },
  ConvLSTM2DCell: { kernel: ['kernel', [0, 1, 2]], recurrent_kernel: ['recurrent', [0, 1, 2]] },
  // A lookup: each row is the vector of one word, which is the unit of max-norm for embeddings (PyTorch's Embedding.max_norm)
  Embedding: { embeddings: ['embedding', [1]] },
  // The slope of the negative part multiplies its activation
  PReLU: { alpha: ['gain', []] },
};

/** Names with the same meaning in every layer. */
const byName: Readonly<Record<string, Known>> = { bias: ['bias', []], beta: ['bias', []], gamma: ['gain', []] };

/** How a layer describes one of its weights, or else the description for its class. */
export function describeWeight(layer: Layer, weight: LayerVariable): Description {
  const name = nameOf(weight);
  const own = ownValue((layer as Partial<DescribesWeights>).describeWeights?.() ?? {}, name);
  if (own) return own;
  const [role, fanInAxes] = ownValue(ownValue(byClass, layer.getClassName()) ?? {}, name) ??
    ownValue(byName, name) ?? ['other', []];
  return { role, fanInAxes };
}

/**
 * Every weight of the model once, including frozen ones and statistics (see `trainable`), with paths that are the same
 * when the model is built again.
 * @example
 * weightsOf(model).map(({ path, role }) => `${path}: ${role}`).slice(0, 2); // ['0-Dense/kernel: kernel', '0-Dense/bias: bias']
 * @throws OptionError if `model` is not a built LayersModel
 */
export function weightsOf(model: LayersModel): Weight[] {
  checkModel(model);
  const trainable = new Set(model.trainableWeights);
  return describedWeights(layerTree(model)).map(({ weight, place, path, role, fanInAxes }) =>
    Object.freeze({
      variable: weight.read() as Variable,
      path,
      layer: place.name,
      role,
      fanInAxes,
      trainable: trainable.has(weight),
    }),
  );
}

/**
 * The weights of a layer and of everything inside it, each once, as `LayerVariable`s of TF.js.
 * @example
 * weightsIn(tf.layers.bidirectional({ layer: tf.layers.lstm({ units: 2 }), mergeMode: 'concat' })).length; // 0
 * weightsIn(model.layers[0]).map(({ role }) => role); // ['kernel', 'bias']
 */
export const weightsIn = (layer: Layer): DescribedWeight[] => describedWeights(layersIn(layer));

/** A weight of a layer as a `LayerVariable` of TF.js, with its description. */
export interface DescribedWeight extends PlacedWeight, Description {}

function describedWeights(places: readonly Place[]): DescribedWeight[] {
  const wrappers = places.map(({ layer }) => layer as Partial<DescribesWeights>).filter(layer => layer.describeInner);
  const changed = (weight: LayerVariable): Description | undefined =>
    wrappers.map(wrapper => wrapper.describeInner?.(weight)).find(Boolean);
  return placedWeights(places).map(placed => ({
    ...placed,
    ...(changed(placed.weight) ?? describeWeight(placed.place.layer, placed.weight)),
  }));
}

/**
 * Whether a weight plugin acts on this weight by default: on the matrices, and not on biases, gains and embeddings.
 * @example
 * isKernel(weightsOf(model)[0]); // true
 * const kernels = weightsOf(model).filter(isKernel);
 */
export const isKernel = ({ role }: Weight): boolean =>
  role === 'kernel' || role === 'depthwise' || role === 'recurrent';
