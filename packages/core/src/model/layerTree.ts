/** The layers of a model with all that is in them: nested models, wrappers, recurrent cells, layers in the fields of a layer. */
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';
import { OptionError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { isConnected, isModel, type Layer, partsOf } from './topology.ts';

export type { Layer };

/** A layer and where in the model it is. */
export interface Place {
  /** The layer itself. */
  readonly layer: Layer;
  /** Positions and fields from the model down: `2-Bidirectional/forward/cell`. Unique, and the same for the same model built again. */
  readonly path: string;
  /** Name of the layer of a model that this one is, or is a part of. */
  readonly name: string;
}

/**
 * Every layer once, in `model.layers` order; a shared layer stands at its first place.
 * @example
 * layerTree(model).map(({ path, name }) => `${path}: ${name}`)[0]; // '0-Dense: hidden1'
 */
export const layerTree = (model: LayersModel): Place[] => placesIn(model, false);

/** The layer, with an empty path, and every layer in it. */
export const layersIn = (layer: Layer): Place[] => placesIn(layer, true);

function placesIn(root: Layer, itself: boolean): Place[] {
  const ofModels = new Set(isModel(root) ? layersOfModels(root) : []);
  const seen = new Set<Layer>([root]);
  const places: Place[] = itself ? [{ layer: root, path: '', name: root.name }] : [];
  const visitParts = (layer: Layer, under: string, name: string): void => {
    for (const { key, layer: part } of partsOf(layer)) {
      const isReference = !isModel(layer) && (ofModels.has(part) || !belongs(layer, part));
      if (seen.has(part) || isReference) continue;
      seen.add(part);
      const place = { layer: part, path: under + key, name: isModel(layer) ? part.name : name };
      places.push(place);
      visitParts(part, `${place.path}/`, place.name);
    }
  };
  visitParts(root, '', root.name);
  return places;
}

/** The layers of a model and of the models among them: wherever else such a layer is held, its place is there. */
const layersOfModels = ({ layers }: LayersModel): Layer[] =>
  layers.flatMap(layer => (isModel(layer) ? [layer, ...layersOfModels(layer)] : [layer]));

/** Whether a layer is a part of the one that holds it, and not a layer of another graph that it only looks at. */
function belongs(holder: Layer, held: Layer): boolean {
  const weights = new Set(holder.weights);
  const has = (weight: LayerVariable): boolean => weights.has(weight);
  if (!isConnected(held) || held.weights.every(has)) return true;
  return held.weights.some(has) && held.trainableWeights.every(has);
}

/** The weights of a layer that no layer in it has: all of a leaf, none of a model or of a recurrent layer. */
export function ownWeights(layer: Layer): LayerVariable[] {
  const inside = new Set(partsOf(layer).flatMap(({ layer: part }) => part.weights));
  return layer.weights.filter(weight => !inside.has(weight));
}

/**
 * Checks that `model` is a LayersModel that is built and not disposed.
 * @param owner the name, in errors, of the function that was given `model`
 * @example
 * checkModel(model, 'myTool');
 * @throws OptionError if it is not
 */
export function checkModel(model: unknown, owner?: string): asserts model is LayersModel {
  const by = owner === undefined ? '' : `${owner}: `;
  if (!isLayersModel(model)) {
    throw new OptionError(messages.modelExpected(by, model, isGraphModel(model)), { option: 'model', received: model });
  }
  // `inputs` of a Sequential is empty until its first layer knows its shape
  if (!model.inputs?.length || !model.outputs?.length) {
    throw new OptionError(messages.modelNotBuilt(by, model.name ?? '?'), { option: 'model' });
  }
  if (model.weights.some(isDisposed))
    throw new OptionError(by + messages.disposed(`model "${model.name}"`), { option: 'model', received: model });
  const unusable = model.inputs.find(({ name }) => name in Object.prototype);
  if (unusable) throw new OptionError(by + messages.inputName(unusable.name), { option: 'model', received: model });
  // a Sequential that knows its shapes is built by compile or predict, or here
  if (!model.built) Reflect.apply(model.build, model, []);
}

function isLayersModel(model: unknown): model is LayersModel {
  try {
    return (
      typeof model === 'object' &&
      model !== null &&
      'apply' in model &&
      typeof model.apply === 'function' &&
      isModel(model)
    );
  } catch {
    // a proxy that refuses to be looked at
    return false;
  }
}

/** TF.js says so when a weight is read. */
function isDisposed(weight: LayerVariable): boolean {
  try {
    weight.read();
    return false;
  } catch {
    return true;
  }
}

/** What `tf.loadGraphModel` gives; its class is not in reach. */
function isGraphModel(model: unknown): boolean {
  try {
    return typeof model === 'object' && model !== null && 'executor' in model && 'modelUrl' in model;
  } catch {
    return false;
  }
}
