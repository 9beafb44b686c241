/** The layers of a model and everything inside them: nested models, wrappers, recurrent cells, layers in the fields of a layer. */
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';
import { OptionError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { isConnected, isModel, type Layer, partsOf } from './topology.ts';

export type { Layer };

/** A layer and its place in the model. */
export interface Place {
  /** The layer itself. */
  readonly layer: Layer;
  /** Positions and fields from the model down: `2-Bidirectional/forward/cell`. Unique, and the same when the model is built again. */
  readonly path: string;
  /** Name of the model's layer that this one is, or is part of. */
  readonly name: string;
}

/**
 * Every layer once, in `model.layers` order; a shared layer appears at its first place.
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

/** The layers of a model and of the models among them. Such a layer has its place there, even if another layer also holds it. */
const layersOfModels = ({ layers }: LayersModel): Layer[] =>
  layers.flatMap(layer => (isModel(layer) ? [layer, ...layersOfModels(layer)] : [layer]));

/** Whether a layer is part of the one that holds it, rather than a layer of another graph that is only referenced. */
function belongs(holder: Layer, held: Layer): boolean {
  const weights = new Set(holder.weights);
  const has = (weight: LayerVariable): boolean => weights.has(weight);
  if (!isConnected(held) || held.weights.every(has)) return true;
  return held.weights.some(has) && held.trainableWeights.every(has);
}

/** The weights of a layer that no inner layer has: all of them for a leaf, none for a model or a recurrent layer. */
export function ownWeights(layer: Layer): LayerVariable[] {
  const inside = new Set(partsOf(layer).flatMap(({ layer: part }) => part.weights));
  return layer.weights.filter(weight => !inside.has(weight));
}

/**
 * Checks that `model` is a built LayersModel that is not disposed.
 * @param owner the name of the calling function, for errors
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
    // a proxy that does not allow access
    return false;
  }
}

/** TF.js throws an error when a disposed weight is read. */
function isDisposed(weight: LayerVariable): boolean {
  try {
    weight.read();
    return false;
  } catch {
    return true;
  }
}

/** Recognizes the result of `tf.loadGraphModel`, whose class is not available here. */
function isGraphModel(model: unknown): boolean {
  try {
    return typeof model === 'object' && model !== null && 'executor' in model && 'modelUrl' in model;
  } catch {
    return false;
  }
}
