/** Batches that cannot be read: a DataError that says why, and no tensor left. */
import { DataError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { fit, type TrainingData } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const net = (outputs: number): tf.LayersModel => {
  const input = tf.input({ shape: [2] });
  const dense = (_: unknown, i: number) =>
    tf.layers.dense({ units: 1, name: `out${i}` }).apply(input) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: Array.from({ length: outputs }, dense) });
};
/** What `fit` throws; no tensor is left. */
const refusal = async (data: () => TrainingData, outputs = 1): Promise<Error> => {
  const model = net(outputs);
  const optimizer = tf.train.sgd(0.1);
  const before = tf.memory().numTensors;
  const options = { loss: 'meanSquaredError', optimizer, epochs: 2, progress: false } as const;
  const error = await fit(model, data(), options).catch((e: unknown) => e);
  expect(tf.memory().numTensors).toBe(before);
  model.dispose();
  optimizer.dispose();
  expect(error).toBeInstanceOf(DataError);
  return error as Error;
};
const [x, y] = [() => tf.ones([3, 2]), () => tf.ones([3, 1])];

test.each<[string, () => unknown, number, RegExp]>([
  ['null', () => null, 1, /training data: expected \{ x, y \} or \{ xs, ys \}\. Received: null/],
  ['undefined', () => undefined, 1, /Received: undefined/],
  ['a number', () => 7, 1, /Received: 7/],
  ['no y', () => ({ x: x() }), 1, /Received: an object with keys x/],
  ['[x, y]', () => [x(), y()], 1, /Received: an object with keys 0,1/],
  ['xs without ys', () => ({ xs: x() }), 1, /Received: an object with keys xs/],
  ['a missing output', () => ({ x: x(), y: { out0: y() } }), 2, /y: expected arrays for out0, out1. Received: out0/],
  ['an unknown output', () => ({ x: x(), y: { out0: y(), out2: y() } }), 1, /Received: out0, out2/],
  ['one array for two outputs', () => ({ x: x(), y: y() }), 2, /Received: one array/],
  [
    'a list under a name',
    () => ({ x: x(), y: { out0: [y(), y()] } }),
    1,
    /one array; with several inputs, one for each name. Received: a list of 2/,
  ],
  ['a wrong shape', () => ({ x: tf.ones([3, 5]), y: y() }), 1, /\[rows,2\].*\[3,5\]/],
  ['rows that differ', () => ({ x: x(), y: tf.ones([2, 1]) }), 1, /3 rows.*Received: 2/],
  ['NaN', () => ({ x: tf.fill([3, 2], Number.NaN), y: y() }), 1, /finite/],
  ['text', () => ({ x: x(), y: 'abc' }), 1, /training data/],
  [
    'weights by another name',
    () => ({ x: x(), y: y(), sampleWeights: tf.ones([3]) }),
    1,
    /expected sampleWeight. Received: "sampleWeights"/,
  ],
  ['bad weights', () => ({ x: x(), y: y(), sampleWeight: { z: tf.ones([3]) } }), 1, /data: sampleWeight: .*z/],
])('a batch of a stream: %s', async (_, batch, outputs, message) => {
  const stream = async function* () {
    yield batch() as never;
  };
  expect((await refusal(() => stream, outputs)).message).toMatch(message);
});

test.each([
  ['too many', 2, 1],
  ['too many of several', 3, 2],
  ['too few', 1, 2],
])('a list of %s is called that', async (_, given, outputs) => {
  const list = () => Array.from({ length: given }, y);
  const stream = (batch: () => object) => () =>
    async function* () {
      yield batch() as never;
    };
  const names = Array.from({ length: outputs }, (_, i) => `out${i}`);
  const expected = `expected arrays for ${names.join(', ')}. Received: a list of ${given}.`;
  const targets = await refusal(
    stream(() => ({ x: x(), y: list() })),
    outputs,
  );
  expect(targets.message).toBe(`training data: y: ${expected}`);
  const record = () => Object.fromEntries(names.map(name => [name, y()]));
  const weights = await refusal(
    stream(() => ({ x: x(), y: record(), sampleWeight: list() })),
    outputs,
  );
  expect(weights.message).toBe(`training data: sampleWeight: ${expected}`);
});

test('a stream that yields the same tensors again is told to yield new ones', async () => {
  const stream = () => {
    const batch = { x: x(), y: y() };
    return async function* () {
      yield batch;
    };
  };
  const { message } = await refusal(stream);
  expect(message).toMatch(/must yield new tensors in every batch.*Received: a tensor that was disposed/);
});
