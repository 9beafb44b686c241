/**
 * Checks that all layer calls in a saved model can be made. A marked seam, checked against tfjs-layers 4.22, where `Container.fromConfig` makes a call once its
 * inputs are there, and loops until every call is made: forever, if one of them never can be.
 */
import { DataError } from '@keepprob/core';
import { isTable, ownValue, show } from '@keepprob/core/driver';
import { serialization } from '@tensorflow/tfjs-core';
import { LayersModel, Sequential } from '@tensorflow/tfjs-layers';

type Table = Readonly<Record<string, unknown>>;

/** An input of a call: an output of the nth call of a layer, counted from 0. */
type Need = readonly [layer: string, nth: number];

interface Call {
  readonly layer: string;
  readonly needs: readonly Need[];
}

interface Node {
  readonly name: string;
  /** The number of calls that exist from the start: 1 for an input or a model, otherwise 0. */
  readonly made: number;
  readonly calls: readonly Call[];
}

/**
 * @param what the name of the model in errors
 * @throws DataError for a call that can never be made, in this model or in a nested one
 */
export function checkCalls(what: string, topology: unknown): void {
  const open: unknown[] = [topology];
  while (open.length) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (isTable(next)) checkGraph(what, next);
    for (const value of Object.values(next)) open.push(value);
  }
}

/** Skips lists without layers and classes that are not registered: TensorFlow.js refuses them before it makes a call. */
function checkGraph(what: string, saved: Table): void {
  const config = field(saved, 'config');
  if (!isGraphClass(classOf(saved)) || !isTable(config)) return;
  const layers = field(config, 'layers');
  if (!Array.isArray(layers) || !layers.every(layer => classOf(layer))) return;
  const nodes = layers.map((layer: Table) => nodeOf(what, layer));
  checkNames(
    what,
    nodes.map(({ name }) => name),
  );
  checkNames(what, layers.flatMap(ownNameOf));
  const graph = new Map(nodes.map(node => [node.name, node]));
  const stuck = stuckIn(graph);
  if (stuck.size)
    throw DataError.of(what, 'calls of layers that can be made one after another', reasonIn(graph, stuck));
}

/** @throws DataError for a layer without a name, and for anything that is not a list of calls */
function nodeOf(what: string, saved: Table): Node {
  const name = field(saved, 'name');
  if (typeof name !== 'string') throw DataError.of(what, 'a name for each layer', show(name));
  const nodes: unknown = field(saved, 'inboundNodes');
  const needs = Array.isArray(nodes) ? nodes.map(needsIn) : [undefined];
  const calls = needs.map((needs): Call => {
    if (!needs) throw DataError.of(what, `calls of "${name}", each a list of [layer, call, output]`, show(nodes));
    return { layer: name, needs };
  });
  // a call without inputs is not made
  return { name, made: callsWith(saved), calls: calls.filter(({ needs }) => needs.length) };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** The inputs of a call; undefined if it is not a call. */
function needsIn(call: unknown): Need[] | undefined {
  if (!Array.isArray(call)) return undefined;
  const needs = call.flatMap((input): Need[] => {
    const [layer, nth, output]: unknown[] = Array.isArray(input) ? input : [];
    return typeof layer === 'string' && isCount(nth) && isCount(output) ? [[layer, nth]] : [];
  });
  return needs.length === call.length ? needs : undefined;
}

/** The number of calls that exist from the start. A Sequential has one as soon as it has a layer. */
function callsWith(saved: Table): number {
  const Class = classOf(saved);
  const config = field(saved, 'config');
  const layers = isTable(config) ? field(config, 'layers') : config;
  if (isA(Class, Sequential)) return Array.isArray(layers) && layers.length > 0 ? 1 : 0;
  return isA(Class, LayersModel) || field(saved, 'className') === 'InputLayer' ? 1 : 0;
}

function checkNames(what: string, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw DataError.of(what, 'a name of its own for each layer', `${show(name)} twice`);
    seen.add(name);
  }
}

/** TensorFlow.js finds a layer by the name in its entry, and the pending calls by the name in its config. */
function ownNameOf(saved: Table): string[] {
  const config = field(saved, 'config');
  const name = isTable(config) ? field(config, 'name') : undefined;
  return typeof name === 'string' && name !== '' ? [name] : [];
}

/** For each layer with calls that are never made, the input that one of them waits for. */
function stuckIn(graph: ReadonlyMap<string, Node>): Map<string, Need> {
  const made = new Map([...graph.values()].map(({ name, made }) => [name, made]));
  const waiting = new Map<string, { readonly call: Call; readonly at: number }[]>();
  // a stack, reversed so that calls are made in the order of the file
  const ready = [...graph.values()].flatMap(({ calls }) => calls.map(call => ({ call, at: 0 }))).reverse();
  for (let next = ready.pop(); next; next = ready.pop()) {
    const { call } = next;
    let { at } = next;
    while (isThere(call.needs[at], made)) at++;
    const need = call.needs[at];
    if (need) {
      const others = waiting.get(keyOf(need)) ?? [];
      others.push({ call, at });
      waiting.set(keyOf(need), others);
      continue;
    }
    const nth = made.get(call.layer) ?? 0;
    made.set(call.layer, nth + 1);
    const key = keyOf([call.layer, nth]);
    for (const one of waiting.get(key) ?? []) ready.push(one);
    waiting.delete(key);
  }
  const left = [...waiting.values()].flat();
  return new Map(left.map(({ call, at }) => [call.layer, call.needs[at] as Need]));
}

const keyOf = ([layer, nth]: Need): string => `${nth}/${layer}`;

const isThere = (need: Need | undefined, made: ReadonlyMap<string, number>): boolean =>
  need !== undefined && (made.get(need[0]) ?? 0) > need[1];

/** Follows the chain from a waiting call to what it waits for, until that is not in the file or the chain closes to a circle. */
function reasonIn(graph: ReadonlyMap<string, Node>, stuck: ReadonlyMap<string, Need>): string {
  const chain = new Set<string>();
  let [layer = ''] = stuck.keys();
  while (!chain.has(layer)) {
    chain.add(layer);
    const [of, nth] = stuck.get(layer) as Need;
    const node = graph.get(of);
    if (!node) return `${show(layer)} takes an output of ${show(of)}, which is not one of the layers`;
    const count = node.made + node.calls.length;
    if (nth >= count)
      return `${show(layer)} takes an output of call ${nth} of ${show(of)}, which has ${count} (from 0)`;
    layer = of;
  }
  const all = [...chain];
  const circle = [...all.slice(all.indexOf(layer)), layer].map(show);
  const shown = circle.length > 6 ? [...circle.slice(0, 3), '…', ...circle.slice(-2)] : circle;
  return `layers that wait for each other: ${shown.join(' for ')}`;
}

/** The registered class of a saved object; undefined if it is not registered. */
function classOf(saved: unknown): unknown {
  const name = isTable(saved) ? field(saved, 'className') : undefined;
  const known: Readonly<Record<string, unknown>> = serialization.SerializationMap.getMap().classNameMap;
  const pair = typeof name === 'string' ? ownValue(known, name) : undefined;
  return Array.isArray(pair) ? pair[0] : undefined;
}

const isA = (Class: unknown, Base: typeof LayersModel): boolean =>
  typeof Class === 'function' && (Class === Base || Class.prototype instanceof Base);

/** Whether the class reads its config as LayersModel does; a custom class may do it differently. */
const isGraphClass = (Class: unknown): boolean =>
  isA(Class, LayersModel) && Reflect.get(Class as object, 'fromConfig') === Reflect.get(LayersModel, 'fromConfig');

/** A field of a saved object, as TensorFlow.js reads it: `inbound_nodes` and `inboundNodes` are the same, and the last one counts. */
function field(saved: Table, name: string): unknown {
  const key = Object.keys(saved).findLast(
    key => key.replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase()) === name,
  );
  return key === undefined ? undefined : saved[key];
}
