/**
 * How TF.js represents a model: the layers in a layer, the calls of layers, and the inputs of a call. A marked seam: read in tfjs-layers 4.22, where
 * - a model is a `Container` with `layers`, `inputs` and `outputs`; its first inbound node joins its own inputs and outputs;
 * - a call is a node of `layer.inboundNodes`, and a symbolic tensor knows its `sourceLayer` and `nodeIndex`;
 * - a Sequential whose first layer is a model continues from the tensors of that model, so the graph has no call of it;
 * - recurrent layers get symbolic `initialState` and `constants` as inputs after the first one, and keep them in `callArgs` as well;
 * - `addWeight` notes the name in `_addedWeightNames`, and `LayerVariable.id` counts up.
 */

import type { LayersModel, LayerVariable, layers, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { ownValue } from '../options/ownValue.ts';

/** A layer of TF.js. */
export type Layer = layers.Layer;
type Node = Layer['inboundNodes'][number];

/**
 * Whether a layer is a model, rather than a layer that happens to have a field `layers`.
 * @example
 * isModel(model); // true
 * isModel(tf.layers.dense({ units: 2 })); // false
 */
export const isModel = (layer: object): layer is LayersModel => 'containerNodes' in layer;

const isLayer = (value: object): value is Layer =>
  'inboundNodes' in value && typeof (value as Partial<Layer>).getClassName === 'function';

/** A layer in another one, and its key there: `3-Dense` in a model, otherwise the fields, such as `cell` or `heads/0`. */
export interface Part {
  readonly key: string;
  readonly layer: Layer;
}

/** Slashes separate the steps of a path, and `#` separates the calls of a layer. */
const step = (key: string): string => key.replace(/[%/#]/g, encodeURIComponent);

/** The layers of a model by position; for any other layer, those in its fields, whether or not it owns them. */
export function partsOf(layer: Layer): Part[] {
  if (isModel(layer)) return layer.layers.map((l, i) => ({ key: `${i}-${step(l.getClassName())}`, layer: l }));
  const seen = new Set<unknown>();
  return fieldsOf(layer).flatMap(([field, value]) => layersAt(value, step(field), seen));
}

/** The fields of a layer. Bidirectional runs two copies of its `layer`, and never the layer itself. */
function fieldsOf(layer: Layer): [string, unknown][] {
  const names: Readonly<Record<string, string>> = { forwardLayer: 'forward', backwardLayer: 'backward' };
  const fields = Object.entries(layer).filter(([field]) => !(field === 'layer' && 'forwardLayer' in layer));
  return fields.map(([field, value]) => [ownValue(names, field) ?? field, value]);
}

/** The layers in a value; lists, plain objects, maps and sets are searched. */
function layersAt(value: unknown, key: string, seen: Set<unknown>): Part[] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  if (isLayer(value)) return [{ key, layer: value }];
  return itemsOf(value).flatMap(([name, item]) => layersAt(item, `${key}/${step(String(name))}`, seen));
}

function itemsOf(value: object): (readonly [string | number, unknown])[] {
  if (Array.isArray(value) || value instanceof Set) return [...[...value].entries()];
  if (value instanceof Map) {
    const named = [...value.keys()].every(name => typeof name === 'string');
    return named ? [...value.entries()] : [...[...value.values()].entries()];
  }
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.entries(value) : [];
}

/** Whether a layer was called to make a graph, or is a graph itself. */
export const isConnected = (layer: Layer): boolean => isModel(layer) || layer.inboundNodes.length > 0;

/** Whether the layer made this weight by `addWeight`; other layers may list it too. */
export function madeBy(layer: Layer, weight: LayerVariable): boolean {
  const { _addedWeightNames, _trainableWeights, _nonTrainableWeights } = layer as unknown as {
    readonly _addedWeightNames: readonly string[];
    readonly _trainableWeights: readonly LayerVariable[];
    readonly _nonTrainableWeights: readonly LayerVariable[];
  };
  const isNamed = _addedWeightNames.some(name => `/${weight.originalName}`.endsWith(`/${name}`));
  return isNamed && (_trainableWeights.includes(weight) || _nonTrainableWeights.includes(weight));
}

/** The order in which weights were made, which is the same when the layer is built again, and does not change when some are frozen. */
export const inOrderMade = (a: LayerVariable, b: LayerVariable): number => a.id - b.id;

/** One call of a layer in the graph of a model. */
export interface Call {
  /** The layer that is called. */
  readonly layer: Layer;
  /** Its inputs; for a recurrent layer the input, the initial states and the constants. */
  readonly inputs: readonly SymbolicTensor[];
  /** Its outputs. */
  readonly outputs: readonly SymbolicTensor[];
  /** The other arguments of the call. */
  readonly args: Readonly<Record<string, unknown>>;
  /** The same object in every model that contains this call. */
  readonly node: object;
}

/**
 * The calls that lead from the inputs of a model to its outputs, in an order in which they can be made. The order depends on the graph alone, not on how it
 * was built. Calls inside a nested model are not included.
 * @example
 * callsIn(model).map(({ layer }) => layer.name).slice(-1); // ['output']
 */
export function callsIn(model: LayersModel): Call[] {
  const [first] = model.layers;
  const inlined = first && isModel(first) ? first : undefined;
  const calls = new Map<Node, Call>();
  const visit = (tensor: SymbolicTensor): void => {
    if (model.inputs.includes(tensor)) return;
    const layer = inlined?.outputs.includes(tensor) ? inlined : tensor.sourceLayer;
    const node = layer.inboundNodes[layer === inlined ? 0 : tensor.nodeIndex];
    if (!node || calls.has(node)) return;
    node.inputTensors.forEach(visit);
    calls.set(node, callOf(layer, node));
  };
  model.outputs.forEach(visit);
  return [...calls.values()];
}

function callOf(layer: Layer, node: Node): Call {
  const isInput = (value: unknown): boolean => node.inputTensors.includes(value as SymbolicTensor);
  const args = Object.entries(node.callArgs ?? {}).filter(([, value]) => ![value].flat().some(isInput));
  return {
    layer,
    inputs: node.inputTensors,
    outputs: node.outputTensors,
    args: Object.fromEntries(args),
    node,
  };
}

/**
 * The layers on the path to the first call of a layer. The path follows calls, since its layers may have been called before in another model, like those
 * around a layer that `keepProbs` inserts.
 */
export function layersBefore({ inboundNodes: [first] }: Layer): Layer[] {
  const seen = new Set<Node>();
  const layers = new Set<Layer>();
  const visit = (node: Node | undefined): void => {
    if (!node || seen.has(node)) return;
    seen.add(node);
    for (const [i, source] of node.inboundLayers.entries()) {
      layers.add(source);
      visit(source.inboundNodes[node.nodeIndices[i] ?? 0]);
    }
  };
  visit(first);
  return [...layers];
}

const AGAIN = Symbol.for('keepprob.again');

/**
 * Repeats a call on other tensors. After a second call, TF.js would throw an error for `layer.input` and `layer.output`; here they keep their values.
 * @example
 * const [call] = callsIn(model);
 * const [again] = callAgain(call, [tf.input({ shape: [4] })]);
 * again.shape; // [null, 8]
 */
export function callAgain({ layer, args }: Call, inputs: readonly SymbolicTensor[]): SymbolicTensor[] {
  const [input] = inputs;
  // recurrent layers modify their arguments
  const made = layer.apply(inputs.length === 1 && input ? input : [...inputs], { ...args });
  Object.assign(layer.inboundNodes.at(-1) as object, { [AGAIN]: true });
  keepEnds(layer);
  return [made].flat() as SymbolicTensor[];
}

/** Keeps `input` and `output` of the only call that was not repeated; if there are several, TF.js decides. */
function keepEnds(layer: Layer): void {
  for (const [end, tensors] of [
    ['input', 'inputTensors'],
    ['output', 'outputTensors'],
  ] as const) {
    if (Object.hasOwn(layer, end)) continue;
    Object.defineProperty(layer, end, {
      configurable: true,
      get(this: Layer) {
        const [only, ...others] = this.inboundNodes.filter(node => !(AGAIN in node));
        if (!only || others.length) return Reflect.get(Object.getPrototypeOf(this), end, this);
        const ends = only[tensors];
        return ends.length === 1 ? ends[0] : ends;
      },
    });
  }
}
