/**
 * Masks of time steps, as TensorFlow.js passes them on when it predicts. A marked seam: read in tfjs-layers 4.22, `execute` of engine/executor.js, where
 * - a layer gets the mask of its first input if any of its inputs has one, and otherwise the mask that the previously called layer got, even if the two are
 *   not connected;
 * - all outputs of a layer have its first mask, or none if it does not support masks; layers that add or multiply make a mask of another rank;
 * - layers in a model, and in `TimeDistributed`, get the mask that the model got.
 *
 * Masks are read by recurrent layers, which keep their state where the mask is false, and by `Softmax`, which mistakes it for the shape of its input.
 */
import { type Call, callsIn, isModel } from '@keepprob/core/driver';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { flagIn } from './settings.ts';

type Layer = Call['layer'];

const fieldOf = (layer: object, field: string): Layer | undefined => {
  const value: unknown = Reflect.get(layer, field);
  return typeof value === 'object' && value !== null && 'getClassName' in value ? (value as Layer) : undefined;
};

/** The layer inside a wrapper. */
export const innerOf = (layer: Layer): Layer | undefined => fieldOf(layer, 'layer');

/** Whether a layer, or one inside it, satisfies a condition. */
function some(layer: Layer | LayersModel, condition: (layer: Layer) => boolean): boolean {
  if (isModel(layer)) return layer.layers.some(one => some(one, condition));
  const inner = innerOf(layer);
  return condition(layer) || (inner !== undefined && some(inner, condition));
}

/** Whether it creates masks. */
export const makesMasks = (layer: Layer | LayersModel): boolean =>
  some(layer, one => one.getClassName() === 'Masking' || flagIn(one.getConfig(), 'maskZero', false));

/** Whether the result of anything in it depends on a mask. */
const readsMasks = (layer: Layer | LayersModel): boolean =>
  some(layer, one => fieldOf(one, 'cell') !== undefined || ['Softmax', 'Bidirectional'].includes(one.getClassName()));

/**
 * Calls in the order in which TensorFlow.js makes them, on which masks depend. A call with several outputs is repeated for each one that is needed.
 */
export function inOrderMade(model: LayersModel, calls: readonly Call[]): Call[] {
  const sorted = new Set<SymbolicTensor>();
  const visit = (tensor: SymbolicTensor): void => {
    if (sorted.has(tensor) || model.inputs.includes(tensor)) return;
    // the last input is on top of the stack
    for (const input of [...tensor.inputs].reverse()) visit(input);
    sorted.add(tensor);
  };
  model.outputs.forEach(visit);
  return [...sorted].flatMap(tensor => calls.find(({ outputs }) => outputs.includes(tensor)) ?? []);
}

/** The identity of a mask: the calls that made it; undefined for none. */
type Marks = ReadonlySet<object> | undefined;

/** The masks passed through a graph, by TensorFlow.js and by Keras. */
interface Passed {
  readonly here: Marks;
  readonly keras: Marks;
}

/** Layers that pass masks on in Keras only. */
const passing = new Set(['ELU', 'LeakyReLU', 'Softmax', 'ThresholdedReLU']);

/** Whether TensorFlow.js turns masks into something that no layer can read: it prepends an axis and does not remove it. */
export const isMerge = (className: string): boolean =>
  ['Add', 'Average', 'Maximum', 'Minimum', 'Multiply'].includes(className);

const isSame = (a: Marks, b: Marks): boolean => a?.size === b?.size && [...(a ?? [])].every(mark => b?.has(mark));
const union = (all: readonly Marks[]): Marks => {
  const marks = all.flatMap(one => [...(one ?? [])]);
  return marks.length ? new Set(marks) : undefined;
};

/** In Keras, there is no mask if one of several inputs has none. Concatenate needs all of them; in other layers Keras 3 combines them with "or", unlike TensorFlow.js. */
function joined({ layer, node }: Call, inputs: readonly Passed[]): Marks {
  if (inputs.some(({ keras }) => !keras)) return undefined;
  const all = union(inputs.map(({ keras }) => keras));
  return layer.getClassName() === 'Concatenate' || all?.size === 1 ? all : new Set([node]);
}

const none: Passed = { here: undefined, keras: undefined };

/** Called for each layer with the masks it gets. */
type Read = (layer: Layer, given: Passed) => void;

/** Passes masks through a graph in the order in which TensorFlow.js does. */
class Walk {
  readonly #read: Read;
  /** The mask passed to a layer whose inputs have none. */
  #last: Marks;

  constructor(last: Marks, read: Read) {
    this.#last = last;
    this.#read = read;
  }

  /** The masks of the outputs. */
  through(graph: LayersModel, given: readonly Passed[]): Passed[] {
    const passed = new Map(graph.inputs.map((tensor, i) => [tensor, given[i] ?? none]));
    for (const call of inOrderMade(graph, callsIn(graph))) {
      const inputs = call.inputs.map(tensor => passed.get(tensor) ?? none);
      if (inputs.some(({ here }) => here)) this.#last = inputs[0]?.here;
      const behind = this.#behind(call, inputs);
      for (const [i, tensor] of call.outputs.entries()) passed.set(tensor, behind[i] ?? none);
    }
    return graph.outputs.map(tensor => passed.get(tensor) ?? none);
  }

  #behind(call: Call, inputs: readonly Passed[]): readonly Passed[] {
    const { layer, node, outputs } = call;
    if (isModel(layer)) {
      // if a Sequential begins with a model, it adopts the layers of that model
      const isInlined = outputs.some(({ sourceLayer }) => sourceLayer !== layer);
      const seen = (all: readonly Passed[]): Passed[] =>
        isInlined ? [...all] : all.map(({ keras }) => ({ here: undefined, keras }));
      return seen(this.through(layer, seen(inputs)));
    }
    this.#read(layer, { here: this.#last, keras: inputs[0]?.keras });
    if (layer.getClassName() === 'Masking' || (layer.getClassName() === 'Embedding' && makesMasks(layer))) {
      const own = new Set([node]);
      return [{ here: own, keras: own }];
    }
    return outputs.map((_, i) => maskBehind(call, inputs, i));
  }
}

/** The mask of one output, from those of the inputs. */
function maskBehind(call: Call, inputs: readonly Passed[], output: number): Passed {
  const { layer } = call;
  const className = layer.getClassName();
  const sequences: unknown = Reflect.get(layer, 'returnSequences');
  if (sequences === false || className === 'Dot') return none;
  const isJoined = isMerge(className) || className === 'Concatenate';
  const all = union(inputs.map(one => one.here));
  const here = isMerge(className) ? all && new Set([inputs]) : isJoined ? all : inputs[0]?.here;
  const keras = isJoined ? joined(call, inputs) : inputs[0]?.keras;
  // in Keras, the states of a recurrent layer have none
  const isPassed = layer.supportsMasking || passing.has(className);
  return {
    here: layer.supportsMasking ? here : undefined,
    keras: isPassed && (output === 0 || sequences !== true) ? keras : undefined,
  };
}

/**
 * The first layer that computes with another mask in TensorFlow.js than in Keras, which passes the mask of an input only to the layer after it, and averages
 * over those time steps that count; undefined if there is none.
 */
export function maskedOtherwise(model: LayersModel): Layer | undefined {
  if (!makesMasks(model)) return undefined;
  const found: Layer[] = [];
  const walk = new Walk(undefined, (layer, { here, keras }) => {
    const className = layer.getClassName();
    const isMean = className === 'GlobalAveragePooling1D' && keras;
    const isStrict = className === 'Softmax' || className === 'TimeDistributed';
    const isOther = readsMasks(layer) && (isStrict ? here || keras : !isSame(here, keras));
    if (isMean || isOther) found.push(layer);
  });
  walk.through(model, []);
  return found[0];
}

/** Whether a layer, or one inside it, reads a mask from outside. */
export function readsGiven(layer: Layer): boolean {
  if (!isModel(layer)) return readsMasks(layer);
  const outside = new Set([layer]);
  let isRead = false;
  new Walk(outside, (one, { here }) => {
    if (here?.has(layer) && readsMasks(one)) isRead = true;
  }).through(layer, []);
  return isRead;
}
