import { readFileSync } from 'node:fs';
import { OptionError, type TrainingPlugin } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { absoluteSum, elasticNet, groupLasso, groupNorm, l1, proximalL1, softThreshold } from '../src/index.ts';

type Matrix = number[][];
interface Oracle {
  network: { x: Matrix; labels: number[]; W1: Matrix; b1: number[]; W2: Matrix; b2: number[] };
  steps: Record<string, { W1: Matrix; b1: number[]; W2: Matrix; b2: number[] }>;
}
const oracle = JSON.parse(readFileSync(new URL('./oracle/torch.json', import.meta.url), 'utf8')) as Oracle;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

async function fiveSteps(...plugins: TrainingPlugin[]): Promise<number[]> {
  const { x, labels, W1, b1, W2, b2 } = oracle.network;
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 5, activation: 'tanh', inputShape: [3], weights: [tf.tensor2d(W1), tf.tensor1d(b1)] }),
      tf.layers.dense({ units: 4, weights: [tf.tensor2d(W2), tf.tensor1d(b2)] }),
    ],
  });
  const reg = attach(model, tf.train.sgd(0.1), ...plugins);
  model.compile({
    optimizer: reg.optimizer,
    loss: (yTrue, yPred) => tf.losses.softmaxCrossEntropy(yTrue, yPred) as tf.Tensor,
  });
  const y = tf.oneHot(tf.tensor1d(labels, 'int32'), 4);
  await model.fit(tf.tensor2d(x), y, { epochs: 5, batchSize: 8, shuffle: false, verbose: 0 });
  return model.getWeights().flatMap(w => [...w.dataSync()]);
}

test.each<[string, TrainingPlugin]>([
  ['sgd_l1', l1(0.01)],
  ['sgd_l1', elasticNet({ l1: 0.01, l2: 0 })],
  ['sgd_l2', elasticNet({ l1: 0, l2: 0.01 })],
  ['sgd', groupLasso(0)],
  ['sgd', proximalL1(0)],
])('five steps are PyTorch’s %s', async (name, plugin) => {
  const { W1, b1, W2, b2 } = oracle.steps[name]!;
  const got = await fiveSteps(plugin);
  for (const [i, value] of [W1.flat(), b1, W2.flat(), b2].flat().entries()) {
    expect(Math.abs(got[i]! - value)).toBeLessThan(1e-5);
  }
});

test('Σ|w| and its gradient, 0 at 0', () => {
  const { value, grad } = tf.valueAndGrad(w => absoluteSum(w))(tf.tensor1d([-3, 0, 2]));
  expect(value.dataSync()[0]).toBe(5);
  expect([...grad.dataSync()].map(g => g + 0)).toEqual([-1, 0, 1]);
});

test('√n Σ‖w‖ and its gradient, 0 for a unit of zeros', () => {
  // columns (3, 4) and (0, 0), n = 2: √2 · 5
  const { value, grad } = tf.valueAndGrad(w => groupNorm(w, [0]))(tf.tensor2d([[3, 0], [4, 0]])); // biome-ignore format: a matrix
  expect(value.dataSync()[0]).toBeCloseTo(5 * Math.SQRT2, 5);
  const wanted = [0.6 * Math.SQRT2, 0, 0.8 * Math.SQRT2, 0];
  for (const [i, g] of grad.dataSync().entries()) expect(g).toBeCloseTo(wanted[i]!, 6);
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

test.each<[() => unknown, RegExp]>([
  [() => l1(-1), /≥ 0.*Received: -1/],
  [() => l1({} as never), /`strength` is missing/],
  [() => elasticNet({ l1: 1 } as never), /`l2` is missing/],
  [() => groupLasso(Number.NaN), /NaN/],
  [() => proximalL1({ strength: 1, wher: 1 } as never), /Did you mean `where`/],
])('bad options %#', (f, message) => {
  expect(f).toThrow(OptionError);
  expect(f).toThrow(message);
});
