import { OptionError } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { proximalL1, softThreshold } from '../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('the soft threshold', () => {
  const shrunk = softThreshold(tf.tensor1d([-2, -0.5, 0, 0.25, 1]), 0.5).dataSync();
  expect([...shrunk].map(w => w + 0)).toEqual([-1.5, 0, 0, 0, 0.5]);
});

test('proximal L1 reaches the closed-form lasso solution on orthonormal X', async () => {
  // ½‖y − Xw‖² + λ‖w‖₁ with XᵀX = I has the minimizer soft(Xᵀy, λ)
  const x = tf.mul(0.5, tf.tensor2d([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]])); // biome-ignore format: a matrix
  const y = tf.matMul(x, tf.tensor2d([[2], [-0.3], [0.4], [-1.5]])); // so Xᵀy is this column
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4], useBias: false })] });
  const reg = attach(model, tf.train.sgd(0.5), proximalL1(0.5));
  model.compile({
    optimizer: reg.optimizer,
    loss: (yTrue, yPred) => tf.mul(tf.sum(tf.squaredDifference(yTrue, yPred)), 0.5),
  });
  await model.fit(x, y, { epochs: 60, batchSize: 4, shuffle: false, verbose: 0 });
  const w = [...model.getWeights()[0]!.dataSync()];
  expect(w[0]).toBeCloseTo(1.5, 5);
  expect([w[1]! + 0, w[2]! + 0]).toEqual([0, 0]);
  expect(w[3]).toBeCloseTo(-1, 5);
});

test.each<[() => unknown, RegExp]>([[() => proximalL1({ strength: 1, wher: 1 } as never), /Did you mean `where`/]])(
  'bad options %#',
  (f, message) => {
    expect(f).toThrow(OptionError);
    expect(f).toThrow(message);
  },
);
