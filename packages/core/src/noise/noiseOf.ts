/** The noises of layers and models: each layer describes its own; an adapter describes those of TF.js. */
import { type LayersModel, layers, RNN } from '@tensorflow/tfjs-layers';
import { isLayerPlugin } from '../model/layerPlugins.ts';
import { type Layer, layerTree, type Place } from '../model/layerTree.ts';
import { type DescribesNoise, hasKeepProb, type Noise } from './noise.ts';
import { stockNoise } from './stockNoise.ts';

/**
 * The noises of a layer, including TF.js' own layers. The list is empty for a layer that is not random, or that does not describe its noise.
 * @example
 * noiseOf(tf.layers.dropout({ rate: 0.25 })).map(({ strength, value }) => `${strength}: ${value}`); // ['dropped: 0.25']
 */
export function noiseOf(layer: Layer): readonly Noise[] {
  // checked first: a layer with another version of the contract may describe itself differently
  const isPlugin = isLayerPlugin(layer);
  return (layer as Partial<DescribesNoise>).describeNoise?.() ?? (isPlugin ? [] : stockNoise(layer));
}

/**
 * Whether a layer is the identity at inference: layers made by `defineLayer`, and those of TF.js whose noise acts on their input.
 * @example
 * isIdentityAtInference(dropout({ keepProb: 0.5 })); // true
 * isIdentityAtInference(tf.layers.dense({ units: 2 })); // false
 */
export const isIdentityAtInference = (layer: Layer): boolean =>
  (layer as Partial<DescribesNoise>).isIdentity ??
  (!isLayerPlugin(layer) && stockNoise(layer).some(({ target }) => target === 'activations'));

/** A noise and its place in the model. */
export interface PlacedNoise {
  /** The noise. */
  readonly noise: Noise;
  /** The layer that makes it. */
  readonly layer: Layer;
  /** Name of the layer, as given by the author of the model. */
  readonly name: string;
  /** Path of the layer with that name: `2-Model/0-Dropout`. Unlike names, paths are unique. */
  readonly path: string;
}

/**
 * Every noise of the model in the order of `model.layers`, including those inside nested models, wrappers and recurrent layers.
 * @example
 * noisesOf(keepProbs(model, { hidden1: 0.7 })).map(({ name, noise }) => `${name}: ${noise.value}`); // ['hidden1_dropout: 0.7']
 */
export const noisesOf = (model: LayersModel): PlacedNoise[] => placed(model, noises => noises);

/**
 * The noises with a keepProb. If a layer has several, such as those of input and state, those that are off are left out.
 * @example
 * keepProbNoisesOf(keepProbs(model, { hidden1: 0.7 })).map(({ name }) => name); // ['hidden1_dropout']
 */
export const keepProbNoisesOf = (model: LayersModel): PlacedNoise[] =>
  placed(model, noises => {
    const keeping = noises.filter(hasKeepProb);
    return keeping.length > 1 ? keeping.filter(({ isOn }) => isOn) : keeping;
  });

function placed(model: LayersModel, choose: (noises: readonly Noise[]) => readonly Noise[]): PlacedNoise[] {
  const places = layerTree(model);
  return places.flatMap(place => {
    const { layer, name, path } = isPart(place.layer) ? ownerOf(place, places) : place;
    return choose(noiseOf(place.layer)).map(noise => ({
      noise,
      layer: place.layer,
      name: isPart(place.layer) ? name : layer.name,
      path,
    }));
  });
}

/** The layer of a model that this one is a part of. */
const ownerOf = (part: Place, places: readonly Place[]): Place =>
  places.findLast(({ layer, path }) => layer.name === part.name && `${part.path}/`.startsWith(`${path}/`)) ?? part;

/** Cells and the halves of a Bidirectional layer have generated names. */
const isPart = (layer: Layer): boolean => layer instanceof RNN || layer instanceof layers.RNNCell;
