/** Weights of outputs, rows, time steps and classes in the loss. */
import { DataError, OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ArrayData, type FitOptions, fit } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const ones = () => tf.initializers.ones();
const options = { optimizer: 'sgd', progress: false, shuffle: false } as const;
/** The data loss of the first epoch, of one update. */
const lossOf = async (model: tf.LayersModel, data: ArrayData, more: Partial<FitOptions> & Pick<FitOptions, 'loss'>) =>
  (await fit(model, data, { ...options, ...more })).history;

describe('two outputs', () => {
  const model = () => {
    const x = tf.input({ shape: [1] });
    const out = (name: string) =>
      tf.layers.dense({ units: 1, useBias: false, kernelInitializer: ones(), name }).apply(x);
    return tf.model({ inputs: x, outputs: [out('a'), out('b')] as tf.SymbolicTensor[] });
  };
  // losses (1 − 0)² = 1 and (1 − 3)² = 4
  const data = { x: [[1]], y: { a: [[0]], b: [[3]] } };
  test.each<[NonNullable<FitOptions['lossWeights']> | null, number]>([
    [null, 5],
    [[1, 0.5], 3],
    [{ b: 0.5 }, 3],
    [{ a: 0, b: 2 }, 8],
  ])(
    'lossWeights %j: the loss is %f; each output’s own loss is in the logs, unweighted',
    async (lossWeights, expected) => {
      const history = await lossOf(model(), data, { loss: 'meanSquaredError', lossWeights, validation: data });
      expect(history.loss![0]).toBeCloseTo(expected, 6);
      expect([history.aLoss![0], history.bLoss![0]]).toEqual([1, 4]);
      expect(history.valALoss).toHaveLength(1);
    },
  );
  test.each([[[1]], [{ c: 1 }], [[1, -1]], [3]])('lossWeights %j is refused', async lossWeights => {
    const run = lossOf(model(), data, { loss: 'meanSquaredError', lossWeights: lossWeights as never });
    await expect(run).rejects.toThrow(OptionError);
  });
});

describe('classes of several outputs', () => {
  const model = () => {
    const x = tf.input({ shape: [1] });
    const softmax = { units: 2, activation: 'softmax', useBias: false, kernelInitializer: 'zeros' } as const;
    const kind = tf.layers.dense({ ...softmax, name: 'kind' }).apply(x);
    const amount = tf.layers.dense({ units: 1, useBias: false, kernelInitializer: ones(), name: 'amount' }).apply(x);
    return tf.model({ inputs: x, outputs: [kind, amount] as tf.SymbolicTensor[] });
  };
  // ln 2 for each row of kind; (1 + 3)² = 16 for amount
  const data = {
    x: [[1], [1]],
    y: {
      kind: [
        [1, 0],
        [0, 1],
      ],
      amount: [[-3], [-3]],
    },
  };
  const loss = { kind: 'categoricalCrossentropy', amount: 'meanSquaredError' };

  test('weights by the name of the output count there', async () => {
    const history = await lossOf(model(), data, { loss, classWeight: { kind: { 1: 5 } } });
    expect(history.loss![0]).toBeCloseTo(3 * Math.LN2 + 16, 5);
  });
  test.each([{ 0: 1, 1: 5 }, { sort: { 1: 5 } }, { kind: { one: 5 } }, { kind: { 1: -5 } }])(
    '%j is refused',
    async w => {
      await expect(lossOf(model(), data, { loss, classWeight: w as never })).rejects.toThrow(OptionError);
    },
  );
});

describe('sequences', () => {
  const model = () => {
    const layer = tf.layers.dense({
      units: 2,
      inputShape: [3, 2],
      useBias: false,
      kernelInitializer: tf.initializers.identity({}),
    });
    return tf.sequential({ layers: [layer] });
  };
  // predictions are x; squared errors by time step, the mean over both features: [1, 4, 9] and [0, 0, 2]
  const x = [
    [
      [1, 1],
      [2, 2],
      [3, 3],
    ],
    [
      [0, 0],
      [0, 0],
      [2, 0],
    ],
  ];
  const y = [
    [
      [0, 0],
      [0, 0],
      [0, 0],
    ],
    [
      [0, 0],
      [0, 0],
      [0, 0],
    ],
  ];
  test('a weight for each time step masks padding', async () => {
    const sampleWeight = [
      [1, 1, 0],
      [1, 0, 1],
    ];
    // (1 + 4 + 0 + 0 + 0 + 2) / 6
    expect((await lossOf(model(), { x, y, sampleWeight }, { loss: 'meanSquaredError' })).loss![0]).toBeCloseTo(
      7 / 6,
      5,
    );
  });
  test('a weight for each row', async () => {
    // (2 · 14/3 + 0.5 · 2/3) / 2
    const { loss } = await lossOf(model(), { x, y, sampleWeight: [2, 0.5] }, { loss: 'meanSquaredError' });
    expect(loss![0]).toBeCloseTo((2 * (14 / 3) + 0.5 * (2 / 3)) / 2, 5);
  });
  test('weights of classes, by time step, with and without weights of rows', async () => {
    const loss = (_: tf.Tensor, prediction: tf.Tensor) => tf.sum(prediction, -1); // [2, 4, 6] and [0, 0, 2]
    const oneHot = [
      [
        [1, 0],
        [0, 1],
        [1, 0],
      ],
      [
        [1, 0],
        [1, 0],
        [0, 1],
      ],
    ];
    const classWeight = { 1: 10 };
    const weighted = await lossOf(model(), { x, y: oneHot }, { loss, classWeight });
    expect(weighted.loss![0]).toBeCloseTo((2 + 40 + 6 + 0 + 0 + 20) / 6, 5);
    const both = await lossOf(model(), { x, y: oneHot, sampleWeight: [1, 0.5] }, { loss, classWeight });
    expect(both.loss![0]).toBeCloseTo((2 + 40 + 6 + 0.5 * 20) / 6, 5);
  });
  test('weights of another shape are refused before anything happens', async () => {
    const run = lossOf(
      model(),
      {
        x,
        y,
        sampleWeight: [
          [1, 1],
          [1, 1],
        ],
      },
      { loss: 'meanSquaredError' },
    );
    await expect(run).rejects.toThrow(DataError);
    await expect(
      lossOf(model(), { x, y, sampleWeight: tf.ones([2, 3, 2]) }, { loss: 'meanSquaredError' }),
    ).rejects.toThrow(/sampleWeight.*\[rows\] or \[rows,3\]/);
  });
});
