/** Labels that are numbers of classes: those that an output has, and no others. */
import { DataError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ArrayData, evaluateRows, type FitOptions, fit } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const softmax = (units: number) =>
  tf.sequential({ layers: [tf.layers.dense({ units, inputShape: [2], activation: 'softmax' })] });
const sparse = { loss: 'sparseCategoricalCrossentropy', optimizer: tf.train.sgd(0), progress: false } as const;
const rows = (labels: readonly number[]) => labels.map(() => [1, 1]);
const trained = (labels: readonly number[], units = 3, more: Partial<ArrayData> = {}) =>
  fit(softmax(units), { x: rows(labels), y: [...labels], ...more }, sparse);

test('the classes of an output are 0 … n − 1, whole: all others are refused, and no other is', async () => {
  const label = fc.oneof(fc.integer({ min: -2, max: 6 }), fc.constantFrom(0.5, 1.25, -0.5));
  await fc.assert(
    fc.asyncProperty(fc.array(label, { minLength: 1, maxLength: 5 }), fc.integer({ min: 2, max: 5 }), async (y, n) => {
      const right = y.every(k => Number.isInteger(k) && k >= 0 && k < n);
      const run = trained(y, n);
      if (right) await expect(run).resolves.toBeDefined();
      else await expect(run).rejects.toThrow(DataError);
    }),
    { numRuns: 60 },
  );
});

test.each<[string, number[], number, RegExp]>([
  ['from 1 on', [1, 2, 3], 3, /class numbers 0 … 2.*3 units.*labels from 1 to 3.*begin at 1/],
  ['−1 for unknown', [-1, 0, 1], 3, /labels from -1 to 1/],
  ['more classes than units', [0, 1, 2], 2, /2 units, 3 classes/],
  ['fractions', [0.5, 1, 2], 3, /fractions/],
])('%s: the error says what is likely meant', async (_, y, units, message) => {
  await expect(trained(y, units)).rejects.toThrow(message);
});

describe('wherever labels come from', () => {
  const good = { x: rows([0, 1]), y: [0, 1] };
  const bad = { x: rows([0, 3]), y: [0, 3] };
  const stream = (given: ArrayData) =>
    async function* () {
      yield { x: tf.tensor2d(given.x as number[][]), y: tf.tensor1d(given.y as number[], 'int32') };
    };
  test.each<[string, () => Promise<unknown>]>([
    ['int32', () => fit(softmax(3), { x: tf.ones([2, 2]), y: tf.tensor1d([0, 3], 'int32') }, sparse)],
    ['a column', () => fit(softmax(3), { x: tf.ones([2, 2]), y: tf.tensor2d([[0], [3]]) }, sparse)],
    ['a stream', () => fit(softmax(3), stream(bad), sparse)],
    ['dev data', () => fit(softmax(3), good, { ...sparse, validation: bad })],
    ['evaluateRows', () => evaluateRows(softmax(3), bad, { loss: sparse.loss })],
  ])('%s', async (_, run) => {
    await expect(run()).rejects.toThrow(DataError);
  });

  test('a label for each time step', async () => {
    const model = () =>
      tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2, 1], activation: 'softmax' })] });
    const y = tf.tensor2d([
      [0, 1],
      [2, 3],
    ]);
    await expect(fit(model(), { x: tf.ones([2, 2, 1]), y }, sparse)).rejects.toThrow(/labels from 0 to 3/);
    const sampleWeight = [
      [1, 1],
      [1, 0],
    ];
    await fit(model(), { x: tf.ones([2, 2, 1]), y, sampleWeight }, sparse);
  });
});

test('a row of weight 0 may have any label', async () => {
  await trained([0, -1, 7], 3, { sampleWeight: [1, 0, 0] });
  await expect(trained([0, -1, 7], 3, { sampleWeight: [1, 0, 1] })).rejects.toThrow(DataError);
});

describe('labels of another shape than the output', () => {
  const given = (loss: FitOptions['loss'], units: number, y: ArrayData['y']) =>
    fit(softmax(units), { x: rows([0, 1, 2]), y }, { ...sparse, loss });
  const oneHot = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  test.each<[string, FitOptions['loss'], number, ArrayData['y'], RegExp]>([
    ['more classes than units', 'categoricalCrossentropy', 2, oneHot, /2 units.*3 classes/],
    ['integers for one-hot', 'categoricalCrossentropy', 3, [0, 1, 2], /sparseCategoricalCrossentropy/],
    ['one-hot for integers', 'sparseCategoricalCrossentropy', 3, oneHot, /'categoricalCrossentropy'/],
  ])('%s', async (_, loss, units, y, message) => {
    await expect(given(loss, units, y)).rejects.toThrow(message);
  });
});

describe('class numbers of any dtype are those of floats', () => {
  const [x, numbers] = [rows([0, 1, 2, 1]), [0, 1, 2, 1]];
  const model = softmax(3);
  const metrics = ['accuracy', 'sparseCategoricalCrossentropy'];
  const { loss } = sparse;
  test.each<[string, tf.DataType, number[]]>([
    ['[rows] of int32', 'int32', [4]],
    ['[rows, 1] of int32', 'int32', [4, 1]],
    ['[rows, 1] of float32', 'float32', [4, 1]],
  ])('%s', async (_, dtype, shape) => {
    const floats = await evaluateRows(model, { x, y: numbers }, { loss, metrics });
    const y = tf.tensor(numbers, shape, dtype as 'int32');
    expect(await evaluateRows(model, { x, y }, { loss, metrics })).toEqual(floats);
    const trainedOn = async (labels: ArrayData['y']) =>
      (await fit(model, { x, y: labels }, { ...sparse, metrics, validation: { x, y: labels } })).history;
    expect(await trainedOn(y)).toEqual(await trainedOn(numbers));
    y.dispose();
  });

  test('a loss of your own gets them as they are', async () => {
    const seen: string[] = [];
    const own = (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor => {
      seen.push(yTrue.dtype);
      return tf.metrics.sparseCategoricalAccuracy(yTrue, yPred);
    };
    const y = tf.tensor2d(numbers, [4, 1], 'int32');
    const oneUnit = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    await evaluateRows(oneUnit, { x, y }, { loss: own });
    expect(new Set(seen)).toEqual(new Set(['int32']));
    y.dispose();
  });
});
