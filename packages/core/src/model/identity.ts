/**
 * The keys for everything in a model: one identity for each weight, each call of a layer, each input and each output. Identities are unique by
 * construction, and the same when the model is built again or loaded, since they are made of positions and fields, never of the names that TF.js
 * counts per process.
 */
import type { Variable } from '@tensorflow/tfjs-core';
import type { LayersModel, LayerVariable, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { OptionError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { type Layer, layerTree, ownWeights, type Place } from './layerTree.ts';
import { type Call, callsIn, inOrderMade, isModel, madeBy } from './topology.ts';

/**
 * Makes names unique: the second `lstm` becomes `lstm_1`, as in Keras, or `lstm_2` if another one already has that name.
 * @example
 * distinct(['lstm', 'dense', 'lstm']); // ['lstm', 'dense', 'lstm_1']
 */
export function distinct(names: readonly string[]): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map(name => {
    let own = name;
    for (let n = 1; seen.has(own) || (own !== name && taken.has(own)); n++) own = `${name}_${n}`;
    seen.add(own);
    return own;
  });
}

/** The name given to `addWeight`: `originalName` has it after the scope of the layer. */
export const nameOf = ({ originalName }: LayerVariable): string =>
  originalName.slice(originalName.lastIndexOf('/') + 1);

export interface PlacedWeight {
  readonly weight: LayerVariable;
  /** The layer that made the weight; for a weight that was made elsewhere, the first layer that has it. */
  readonly place: Place;
  /** For example `2-Bidirectional/forward/cell/kernel`. */
  readonly path: string;
}

/** Every variable of the model once, however many layers list it. */
export function placedWeights(places: readonly Place[]): PlacedWeight[] {
  const listed = places.flatMap(place => ownWeights(place.layer).map(weight => ({ place, weight })));
  const owners = new Map<Variable, (typeof listed)[number]>();
  for (const entry of listed) {
    const variable = entry.weight.read() as Variable;
    const known = owners.get(variable);
    if (!known || (!madeBy(known.place.layer, known.weight) && madeBy(entry.place.layer, entry.weight)))
      owners.set(variable, entry);
  }
  const owned = listed.filter(entry => owners.get(entry.weight.read() as Variable) === entry);
  return places.flatMap(place => {
    const weights = owned.filter(entry => entry.place === place).map(({ weight }) => weight);
    const made = [...weights].sort(inOrderMade);
    const names = distinct(made.map(nameOf));
    return weights.map(weight => ({ weight, place, path: `${place.path}/${names[made.indexOf(weight)]}` }));
  });
}

/** A layer of the model, or of a model in it, with a label: its name, followed by its path if another layer has the same name. */
export interface NamedPlace extends Place {
  /** `hidden1`, or `dense (2-Functional/1-Dense)` if the model has two layers with that name. */
  readonly label: string;
}

/**
 * The layers of a model and of the models in it. Layers inside another layer, such as cells, go by the name of that layer.
 * @example
 * namedPlaces(model).map(({ label }) => label); // ['hidden1', 'hidden2', 'output']
 */
export function namedPlaces(model: LayersModel): NamedPlace[] {
  const places = layerTree(model);
  const models = new Set(['', ...places.filter(({ layer }) => isModel(layer)).map(({ path }) => path)]);
  const named = places.filter(({ path }) => models.has(path.slice(0, Math.max(0, path.lastIndexOf('/')))));
  const shared = (name: string): boolean => named.filter(place => place.name === name).length > 1;
  return named.map(place => ({ ...place, label: shared(place.name) ? `${place.name} (${place.path})` : place.name }));
}

/** A call and its identity. */
export interface PlacedCall extends Call {
  /** The path of the layer; `2-Dense#1` for its second call. */
  readonly id: string;
  /** Where its layer is. */
  readonly place: Place;
}

/** The calls in a model, or in a model inside it. */
export interface Graph {
  /** The model. */
  readonly model: LayersModel;
  /** The path of the model; empty for the whole model. */
  readonly path: string;
  /** The calls, in an order in which they can be made. */
  readonly calls: readonly PlacedCall[];
}

/**
 * The graph of the model, followed by those of the models in it. A call that is part of two graphs is the same object in both.
 * @example
 * const [whole, ...nested] = graphsOf(tf.sequential({ layers: [model, tf.layers.dense({ units: 1 })] }));
 * nested.map(({ path }) => path); // ['0-Sequential']
 */
export function graphsOf(model: LayersModel): [whole: Graph, ...nested: Graph[]] {
  const places = layerTree(model);
  const home = new Map(places.map(place => [place.layer, place]));
  const ids = new Map<object, string>();
  const counts = new Map<Layer, number>();
  const idOf = ({ node, layer }: Call, { path }: Place): string => {
    const known = ids.get(node);
    if (known !== undefined) return known;
    const before = counts.get(layer) ?? 0;
    counts.set(layer, before + 1);
    const id = before ? `${path}#${before}` : path;
    ids.set(node, id);
    return id;
  };
  const graph = (of: LayersModel, path: string): Graph => ({
    model: of,
    path,
    calls: callsIn(of).map(call => {
      const place = home.get(call.layer) as Place;
      return { ...call, place, id: idOf(call, place) };
    }),
  });
  const nested = places.flatMap(({ layer, path }) => (isModel(layer) ? [graph(layer, path)] : []));
  return [graph(model, ''), ...nested];
}

const namesOf = (tensors: readonly SymbolicTensor[]): string[] =>
  distinct(tensors.map(({ sourceLayer }) => sourceLayer.name));

/**
 * The names of the inputs, as TF.js has them.
 * @example
 * inputNames(tf.model({ inputs: tf.input({ shape: [4], name: 'pixels' }), outputs: [] })); // ['pixels']
 */
export const inputNames = ({ inputs }: LayersModel): string[] => namesOf(inputs);

/**
 * The names of the outputs, as TF.js has them. If one layer has several outputs, the second is `name_1`, as in Keras.
 * @example
 * outputNames(model); // ['output']
 * @throws OptionError if two outputs are the same tensor, for which TF.js computes one value
 */
export function outputNames({ name, outputs }: LayersModel): string[] {
  const names = namesOf(outputs);
  for (const [i, output] of outputs.entries()) {
    const first = outputs.indexOf(output);
    if (first < i) throw new OptionError(messages.outputTwice(name, first, i), { option: 'model' });
  }
  return names;
}
