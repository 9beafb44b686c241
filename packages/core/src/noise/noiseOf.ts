/** The noises of layers and models: each layer is asked; for those of TF.js, which say nothing, the adapter answers. */
import { type LayersModel, layers, RNN } from '@tensorflow/tfjs-layers';
import { isLayerPlugin } from '../model/layerPlugins.ts';
import { type Layer, layerTree, type Place } from '../model/layerTree.ts';
import { type DescribesNoise, hasKeepProb, type Noise } from './noise.ts';
import { stockNoise } from './stockNoise.ts';

/**
 * What a layer says about its noise; for TF.js' own layers, what is known of them. None for a layer that is not random, and for one that does not
 * say.
 */
export function noiseOf(layer: Layer): readonly Noise[] {
  // asked first: a layer of another version of the contract may describe itself in other words
  const isPlugin = isLayerPlugin(layer);
  return (layer as Partial<DescribesNoise>).describeNoise?.() ?? (isPlugin ? [] : stockNoise(layer));
}

/**
 * Whether a layer gives out at inference what it takes in: layers made by `defineLayer`, and those of TF.js whose noise acts on what passes through.
 */
export const isIdentityAtInference = (layer: Layer): boolean =>
  (layer as Partial<DescribesNoise>).isIdentity ??
  (!isLayerPlugin(layer) && stockNoise(layer).some(({ target }) => target === 'activations'));

/** A noise and where it stands. */
export interface PlacedNoise {
  readonly noise: Noise;
  readonly layer: Layer;
  /** Name of the layer as the author of the model gave it. */
  readonly name: string;
  /** Where the layer of that name stands: `2-Model/0-Dropout`. Unique, where names may not be. */
  readonly path: string;
}

/** Every noise of the model in `model.layers` order; nested models, wrappers and recurrent layers opened. */
export const noisesOf = (model: LayersModel): PlacedNoise[] => placed(model, noises => noises);

/**
 * The noises with a keepProb. Of several in one layer, such as those of input and state, one that is off was left out on purpose and is not among
 * them.
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

/** Cells and the halves of a Bidirectional layer have names that nobody gave them. */
const isPart = (layer: Layer): boolean => layer instanceof RNN || layer instanceof layers.RNNCell;
