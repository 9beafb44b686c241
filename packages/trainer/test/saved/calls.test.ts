/** Graphs of layers in saved models: those that TensorFlow.js would build forever are refused before anything is built. */
import { DataError } from '@keepprob/core';
import { loadModel } from '@keepprob/trainer/model';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkCalls } from '../../src/saved/calls.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

type Call = readonly (readonly [layer: string, call: number, output: number, kwargs?: object])[];
interface Entry {
  class_name: string;
  name: string;
  config: Record<string, unknown>;
  inbound_nodes: readonly Call[];
}
type Change = (layers: Entry[]) => unknown;

/** in → a → b, and c of a and b. */
async function saved(change: Change = layers => layers): Promise<tf.io.ModelArtifacts> {
  const input = tf.input({ shape: [2], name: 'in' });
  const a = tf.layers.dense({ units: 2, name: 'a' }).apply(input) as tf.SymbolicTensor;
  const b = tf.layers.dense({ units: 2, name: 'b' }).apply(a) as tf.SymbolicTensor;
  const c = tf.layers.add({ name: 'c' }).apply([a, b]) as tf.SymbolicTensor;
  const model = tf.model({ inputs: input, outputs: c });
  let artifacts!: tf.io.ModelArtifacts;
  await model.save(
    tf.io.withSaveHandler(async given => {
      artifacts = given;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  model.dispose();
  const topology = structuredClone(artifacts.modelTopology) as { config: { layers: unknown } };
  topology.config.layers = change(topology.config.layers as Entry[]);
  return { ...artifacts, modelTopology: topology };
}

const called = (name: string, ...calls: readonly Call[]): Change => {
  return layers => layers.map(layer => (layer.name === name ? { ...layer, inbound_nodes: calls } : layer));
};
const dense = (name: string, ...calls: readonly Call[]): Entry => ({
  class_name: 'Dense',
  name,
  config: { units: 2, name },
  inbound_nodes: calls,
});

const damages: readonly (readonly [string, Change, string])[] = [
  [
    'a layer that is not there',
    called('b', [['ghost', 0, 0, {}]]),
    '"b" takes an output of "ghost", which is not one of the layers.',
  ],
  [
    'a layer that is not there, among others that are',
    called('c', [
      ['a', 0, 0],
      ['ghost', 0, 0],
    ]),
    '"c" takes an output of "ghost", which is not one of the layers.',
  ],
  [
    'a call that there is not',
    called('b', [['a', 1, 0, {}]]),
    '"b" takes an output of call 1 of "a", which has 1 (from 0).',
  ],
  [
    'a call of an input that there is not',
    called('a', [['in', 3, 0, {}]]),
    '"a" takes an output of call 3 of "in", which has 1 (from 0).',
  ],
  ['a layer that is never called', called('a'), '"b" takes an output of call 0 of "a", which has 0 (from 0).'],
  [
    'a layer that is called with nothing',
    called('a', []),
    '"b" takes an output of call 0 of "a", which has 0 (from 0).',
  ],
  ['a layer that takes what it gives', called('b', [['b', 0, 0, {}]]), 'layers that wait for each other: "b" for "b".'],
  [
    'a later call of a layer before an earlier one',
    called('b', [['b', 1, 0]], [['b', 0, 0]]),
    'layers that wait for each other: "b" for "b".',
  ],
  ['two layers in a circle', called('a', [['b', 0, 0, {}]]), 'layers that wait for each other: "a" for "b" for "a".'],
  [
    'a circle of many',
    layers => [...layers, ...Array.from({ length: 9 }, (_, i) => dense(`d${i}`, [[`d${(i + 1) % 9}`, 0, 0]]))],
    '"d0" for "d1" for "d2" for … for "d8" for "d0".',
  ],
  ['a call that is a name', layers => called('b', 'a' as never)(layers), 'expected calls of "b", each a list of'],
  ['a call of names', called('b', ['a', 0, 0] as never), 'expected calls of "b", each a list of [layer, call, output]'],
  ['a call of numbers', called('b', [[1, 0, 0]] as never), 'expected calls of "b"'],
  ['a call before the first', called('b', [['a', -1, 0]]), 'expected calls of "b"'],
  ['calls that are no list', layers => layers.map(layer => ({ ...layer, inbound_nodes: 7 })), 'expected calls of "in"'],
  [
    'two layers of one name',
    layers => [...layers, dense('b', [['a', 0, 0]])],
    'a name of its own for each layer. Received: "b" twice.',
  ],
  [
    'two layers that call themselves the same',
    layers => [...layers, { ...dense('d', [['a', 0, 0]]), config: { units: 2, name: 'b' } }],
    'a name of its own for each layer. Received: "b" twice.',
  ],
  [
    'a layer without a name',
    layers => layers.map(({ name, ...layer }) => (name === 'b' ? layer : { name, ...layer })),
    'expected a name for each layer. Received: undefined.',
  ],
];

test.each(damages)('%s is refused, and nothing is left', async (_, change, message) => {
  const artifacts = await saved(change);
  const before = tf.memory();
  const error = await loadModel(tf.io.fromMemory(artifacts)).catch(reason => reason);
  expect(error).toBeInstanceOf(DataError);
  expect(error.message).toContain(message);
  expect(error.message).toMatch(/^model: expected /);
  expect(tf.memory()).toEqual(before);
});

describe('a model in a model', () => {
  const damaged = async (): Promise<object> => (await saved(called('b', [['ghost', 0, 0]]))).modelTopology as object;
  const inLayer = (class_name: string) => (layer: object) => ({ class_name, config: { name: 'outer', layer } });

  test.each<[string, (inner: object) => object]>([
    ['in a Sequential', inner => ({ class_name: 'Sequential', config: { name: 'outer', layers: [inner] } })],
    ['in a wrapper', inLayer('TimeDistributed')],
    ['in a model as Keras saves it', inner => ({ model_config: inner })],
    [
      'in another one',
      inner => ({
        class_name: 'Functional',
        config: { layers: [{ ...inner, name: 'in', inbound_nodes: [] }], input_layers: [], output_layers: [] },
      }),
    ],
  ])('%s is looked at, too', async (_, around) => {
    const topology = around(await damaged());
    expect(() => checkCalls('it', topology)).toThrow(/^it: .*"ghost", which is not one of the layers/);
  });

  test('names in a model are its own', async () => {
    const { modelTopology } = await saved();
    const inner = (modelTopology as { config: object }).config;
    const twice = ['one', 'two'].map(name => ({
      class_name: 'Functional',
      name,
      config: { ...inner, name },
      inbound_nodes: [],
    }));
    const outer = { class_name: 'Functional', config: { layers: twice, input_layers: [], output_layers: [] } };
    expect(() => checkCalls('it', outer)).not.toThrow();
  });
});

test('a class that nobody has registered is named first', async () => {
  const artifacts = await saved(layers =>
    called('b', [['ghost', 0, 0]])(
      layers.map(layer => (layer.name === 'a' ? { ...layer, class_name: 'Shiver' } : layer)),
    ),
  );
  await expect(loadModel(tf.io.fromMemory(artifacts))).rejects.toThrow(
    /layer of class "Shiver", which is not registered/,
  );
});

test('layers in any order, shared ones and models in models are loaded', async () => {
  const input = tf.input({ shape: [3] });
  const shared = tf.layers.dense({ units: 3, name: 'shared' });
  const inner = tf.sequential({
    layers: [tf.layers.dense({ units: 3, inputShape: [3] }), tf.layers.dropout({ rate: 0.5 })],
  });
  const twice = shared.apply(shared.apply(input)) as tf.SymbolicTensor;
  const outer = tf.model({
    inputs: input,
    outputs: tf.layers
      .add()
      .apply([twice, inner.apply(inner.apply(twice) as tf.SymbolicTensor) as tf.SymbolicTensor]) as tf.SymbolicTensor,
  });
  let artifacts!: tf.io.ModelArtifacts;
  await outer.save(
    tf.io.withSaveHandler(async given => {
      artifacts = given;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  const topology = structuredClone(artifacts.modelTopology) as { config: { layers: unknown[] } };
  topology.config.layers.reverse();
  const again = await loadModel(tf.io.fromMemory({ ...artifacts, modelTopology: topology }));
  const x = tf.tensor2d([[1, -2, 3]]);
  const numbersOf = (model: tf.LayersModel): number[] => [...(model.predict(x) as tf.Tensor).dataSync()];
  expect(numbersOf(again)).toEqual(numbersOf(outer));
});

/** TensorFlow.js' own rounds, as far as one changes something: whether all calls are made in the end. */
function allMade(layers: readonly Entry[]): boolean {
  const made = new Map(layers.map(({ name, class_name }) => [name, class_name === 'InputLayer' ? 1 : 0]));
  let waiting = layers.flatMap(({ name, inbound_nodes }) => inbound_nodes.map(call => ({ name, call })));
  for (let changed = true; changed; ) {
    changed = false;
    waiting = waiting.filter(({ name, call }) => {
      if (!call.every(([layer, nth]) => (made.get(layer) ?? -1) > nth)) return true;
      if (call.length) made.set(name, (made.get(name) ?? 0) + 1);
      changed = true;
      return false;
    });
  }
  return waiting.length === 0;
}

test('exactly the graphs are refused in which a call is never made', () => {
  const names = ['a', 'b', 'c', 'd'];
  const need = fc.tuple(fc.constantFrom('in', ...names, 'ghost'), fc.constantFrom(0, 0, 0, 1), fc.constant(0));
  const calls = fc.array(fc.array(need, { minLength: 0, maxLength: 2 }), { maxLength: 2 });
  const seen = { made: 0, stuck: 0 };
  fc.assert(
    fc.property(
      fc.tuple(calls, calls, calls, calls),
      fc.shuffledSubarray(['in', ...names], { minLength: 5 }),
      (all, order) => {
        const input: Entry = { class_name: 'InputLayer', name: 'in', config: { name: 'in' }, inbound_nodes: [] };
        const layers = [input, ...names.map((name, i) => dense(name, ...all[i]!))];
        const sorted = order.map(name => layers.find(layer => layer.name === name) as Entry);
        const topology = { class_name: 'Functional', config: { layers: sorted } };
        const isMade = allMade(sorted);
        seen[isMade ? 'made' : 'stuck']++;
        const check = (): void => checkCalls('it', topology);
        if (isMade) expect(check).not.toThrow();
        else expect(check).toThrow(DataError);
      },
    ),
    { numRuns: 2000, seed: 13 },
  );
  expect(Math.min(seen.made, seen.stuck)).toBeGreaterThan(100);
});

test('a hundred thousand calls, the last first, take no time that a file could choose', () => {
  const count = 100_000;
  const layers = Array.from({ length: count }, (_, i) =>
    dense(`d${i}`, [[i + 1 < count ? `d${i + 1}` : 'ghost', 0, 0]]),
  );
  const topology = { class_name: 'Functional', config: { layers } };
  expect(() => checkCalls('it', topology)).toThrow(/"d99999" takes an output of "ghost"/);
});
