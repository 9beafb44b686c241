import type { LayersModel } from '@tensorflow/tfjs-layers';
import { OptionError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { namedPlaces } from './identity.ts';
import { type Layer, layerTree, type Place } from './layerTree.ts';

/**
 * The layer of a model with this name. In a Sequential, TF.js allows two layers with the same name if one of them is a model.
 * @example
 * layerNamed('myTool', model, 'hidden2').name; // 'hidden2'
 * @throws OptionError for a name that no layer has (the error lists the existing ones), or that two have
 */
export function layerNamed(owner: string, model: LayersModel, name: string): Layer {
  const [layer, other] = model.layers.filter(l => l.name === name);
  const what = { option: name, received: name };
  if (!layer) {
    const known = model.layers.map(l => l.name);
    throw new OptionError(messages.layerUnknown(owner, name, known), what);
  }
  if (other) {
    const paths = [layer, other].map(l => layerTree(model).find(place => place.layer === l)?.path ?? '');
    throw new OptionError(messages.layersOfOneName(owner, name, paths), what);
  }
  return layer;
}

/**
 * The layer with this name, or with this path if several share a name. Layers of nested models are included.
 * @example
 * placeNamed('myTool', model, 'hidden2').path; // '1-Dense'
 * @throws OptionError for a name that no layer has (the error lists the existing ones), or that several have
 */
export function placeNamed(owner: string, model: LayersModel, given: string): Place {
  const places = namedPlaces(model);
  const [place, ...others] = places.filter(({ name, path }) => name === given || path === given);
  const what = { option: given, received: given };
  if (!place) {
    const known = places.map(({ label }) => label);
    throw new OptionError(messages.layerUnknown(owner, given, known), what);
  }
  if (others.length) {
    const paths = [place, ...others].map(({ path }) => path);
    throw new OptionError(messages.layersToChoose(owner, given, paths), what);
  }
  return place;
}
