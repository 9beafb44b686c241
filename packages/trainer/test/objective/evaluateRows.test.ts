import { DataError, OptionError } from '@keepprob/core';
import { dropout } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { evaluateRows, fit } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const classifier = () =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 8, inputShape: [3], activation: 'relu' }),
      dropout({ keepProb: 0.5 }),
      tf.layers.dense({ units: 4, activation: 'softmax' }),
    ],
  });
const rows = 300;
const x = () => tf.randomNormal([rows, 3], 0, 1, 'float32', 1);
const labels = Array.from({ length: rows }, (_, i) => (7 * i) % 4);

test('each row is −log of the probability of its class, and right or wrong; dropout is off', async () => {
  const model = classifier();
  const data = { x: x(), y: tf.oneHot(tf.tensor1d(labels, 'int32'), 4) };
  const p = (await (model.predict(data.x) as tf.Tensor).array()) as number[][];
  const before = tf.memory().numTensors;
  const found = await evaluateRows(model, data, { loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  expect(tf.memory().numTensors).toBe(before);
  expect(Object.keys(found)).toEqual(['loss', 'accuracy']);
  labels.forEach((label, i) => {
    expect(found.loss[i]).toBeCloseTo(-Math.log(p[i]![label]!), 4);
    expect(found.accuracy![i]).toBe(Number(p[i]!.indexOf(Math.max(...p[i]!)) === label));
  });
  const sparse = { x: data.x, y: tf.tensor1d(labels, 'float32') };
  const same = await evaluateRows(model, sparse, { loss: 'sparseCategoricalCrossentropy' });
  for (const i of labels.keys()) expect(same.loss[i]).toBeCloseTo(found.loss[i]!, 4);
});

test('the mean is fit’s valLoss, with several outputs and their weights too', async () => {
  const input = tf.input({ shape: [3] });
  const a = tf.layers.dense({ units: 2, name: 'a' }).apply(input) as tf.SymbolicTensor;
  const b = tf.layers.dense({ units: 1, name: 'b' }).apply(input) as tf.SymbolicTensor;
  const model = tf.model({ inputs: input, outputs: [a, b] });
  const data = { x: x(), y: { a: tf.ones([rows, 2]), b: tf.ones([rows]) } };
  const what = { loss: 'meanSquaredError', lossWeights: { b: 0.25 } };
  const optimizer = tf.train.sgd(0);
  const run = await fit(model, data, { ...what, optimizer, validation: data, progress: false });
  const { loss } = await evaluateRows(model, data, what);
  expect(loss.length).toBe(rows);
  expect(loss.reduce((s, l) => s + l) / rows).toBeCloseTo(run.history.valLoss![0]!, 5);
});

test('bad data, bad options and an abort are errors, and nothing leaks', async () => {
  const model = classifier();
  const data = { x: x(), y: tf.oneHot(tf.tensor1d(labels, 'int32'), 4) };
  const before = tf.memory().numTensors;
  const given = { loss: 'categoricalCrossentropy' };
  await expect(evaluateRows(model, { x: data.x, y: [[1]] }, given)).rejects.toThrow(DataError);
  await expect(evaluateRows(model, data, { loss: 'nope' })).rejects.toThrow(OptionError);
  await expect(evaluateRows(model, data, { ...given, lss: 1 } as never)).rejects.toThrow(/Did you mean `loss`/);
  await expect(evaluateRows(model, data, { ...given, signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  expect(tf.memory().numTensors).toBe(before);
});
