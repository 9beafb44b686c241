/** The connections between layers: the calls of Keras 2 are lists of [layer, call, output], and those of Keras 3 are arguments that contain tensors. */
import { isTable } from '@keepprob/core/driver';
import { listIn, nameIn, own, type Table, wrong } from './where.ts';

/** One tensor: the layer it comes from, the index of the call, and the index of the output of that call. */
export type Tensor = readonly [layer: string, call: number, output: number];
/** One call: its inputs, and the argument `training`. */
export interface Call {
  readonly inputs: readonly Tensor[];
  readonly training: boolean | undefined;
}

const isIndex = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) < 1e6;

function tensorFrom(value: readonly unknown[], where: string): Tensor {
  const [layer, call, output] = value;
  if (!isIndex(call) || !isIndex(output)) return wrong(where, '[layer, call, output]', value);
  return [nameIn(layer, where), call, output];
}

/** The tensors in an argument, which may be a list. */
function tensorsIn(value: unknown, where: string, depth = 0): Tensor[] {
  if (Array.isArray(value) && depth < 3) return value.flatMap(item => tensorsIn(item, where, depth + 1));
  if (!isTable(value) || own(value, 'class_name') !== '__keras_tensor__') return [];
  const config = own(value, 'config');
  const history = isTable(config) ? own(config, 'keras_history') : undefined;
  return [tensorFrom(listIn(history, where, 'a history [layer, call, output]'), where)];
}

/** A call of Keras 3: `{ args, kwargs }`. */
function newCall(node: Table, where: string): Call {
  const kwargs = own(node, 'kwargs');
  const named = isTable(kwargs) ? Object.entries(kwargs) : [];
  const others = named.find(([key, value]) => key !== 'initial_state' && tensorsIn(value, where).length);
  if (others) return wrong(where, 'calls with only inputs and initial states', others[0]);
  const states = named.filter(([key]) => key === 'initial_state').flatMap(([, value]) => tensorsIn(value, where));
  const training = isTable(kwargs) ? own(kwargs, 'training') : undefined;
  return {
    inputs: [...tensorsIn(own(node, 'args'), where), ...states],
    training: training === true ? true : undefined,
  };
}

/** A call of Keras 2: a list of [layer, call, output, kwargs]. */
function oldCall(node: readonly unknown[], where: string): Call {
  const single = typeof node[0] === 'string' ? [node] : node;
  const inputs = single.map(tensor => tensorFrom(listIn(tensor, where, 'a list [layer, call, output]'), where));
  const first = single[0];
  const kwargs = Array.isArray(first) ? first[3] : undefined;
  return { inputs, training: isTable(kwargs) && own(kwargs, 'training') === true ? true : undefined };
}

/**
 * The calls of a layer. Keras 3 counts the calls of a nested model from 0, and Keras 2 and TensorFlow.js from 1, after the call that made it: `first` of a
 * layer is the number from which TensorFlow.js counts.
 */
export function callsIn(nodes: unknown, where: string, first: (layer: string) => number): Call[] {
  return listIn(nodes ?? [], where, 'a list of calls').map(node => {
    if (Array.isArray(node)) return oldCall(node, where);
    if (!isTable(node)) return wrong(where, 'a call', node);
    const { inputs, training } = newCall(node, where);
    return { training, inputs: inputs.map(([layer, call, output]): Tensor => [layer, call + first(layer), output]) };
  });
}

/** The inputs or outputs of a model: one, a list, or an object with names. */
export function endsIn(value: unknown, where: string, shift: (layer: string) => number): Tensor[] {
  if (isTable(value)) return Object.values(value).flatMap(one => endsIn(one, where, shift));
  const list = listIn(value, where, 'a list of [layer, call, output]');
  if (typeof list[0] !== 'string') return list.flatMap(one => endsIn(one, where, shift));
  const [layer, call, output] = tensorFrom(list, where);
  return [[layer, call + shift(layer), output]];
}

/** A layer of a graph, with the number of its calls that exist from the start. */
export interface Node {
  readonly name: string;
  readonly made: number;
  readonly calls: readonly Call[];
}

/**
 * Checks that all calls can be made, in rounds as in TensorFlow.js, which would wait forever for a missing one.
 * @throws ConvertError for calls on layers that do not exist, and for circular calls
 */
export function checkOrder(nodes: readonly Node[], where: string): void {
  const counts = new Map(nodes.map(({ name, made }) => [name, made]));
  let waiting = nodes.flatMap(({ name, calls }) =>
    calls.filter(({ inputs }) => inputs.length).map(call => ({ name, call })),
  );
  while (waiting.length) {
    const later: typeof waiting = [];
    for (const one of waiting) {
      if (one.call.inputs.every(([layer, call]) => (counts.get(layer) ?? 0) > call))
        counts.set(one.name, (counts.get(one.name) ?? 0) + 1);
      else later.push(one);
    }
    if (later.length === waiting.length)
      wrong(
        where,
        'calls in an order in which they can be made',
        later[0]?.call.inputs.map(([layer]) => layer),
      );
    waiting = later;
  }
}
