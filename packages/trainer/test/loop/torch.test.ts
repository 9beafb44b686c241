/** Five full-batch steps through fit against PyTorch in float64. */
import { readFileSync } from 'node:fs';
import type { TrainingPlugin } from '@keepprob/core';
import { l2, maxNorm, weightDecay } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { fit } from '../../src/index.ts';

type Matrix = number[][];
interface Oracle {
  network: { x: Matrix; labels: number[]; W1: Matrix; b1: number[]; W2: Matrix; b2: number[] };
  steps: Record<string, { dataLoss: number[]; W1: Matrix; b1: number[]; W2: Matrix; b2: number[] }>;
}
const path = new URL('../../../l2/test/oracle/torch.json', import.meta.url);
const oracle = JSON.parse(readFileSync(path, 'utf8')) as Oracle;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const sgd = () => tf.train.sgd(0.1);
const adam = () => tf.train.adam(0.01, 0.9, 0.999, 1e-8);
test.each<[string, () => tf.Optimizer, TrainingPlugin[]]>([
  ['sgd', sgd, []],
  ['sgd_l2', sgd, [l2(0.01)]],
  ['momentum_l2', () => tf.train.momentum(0.1, 0.9), [l2(0.01)]],
  ['adam', adam, []],
  ['adam_l2', adam, [l2(0.01)]],
  ['adamw', adam, [weightDecay(0.02)]],
  ['sgd_maxnorm', sgd, [maxNorm(0.6)]],
])('%s: the loss of every step and the weights after them', async (name, optimizer, plugins) => {
  const { x, labels, W1, b1, W2, b2 } = oracle.network;
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 5, activation: 'tanh', inputShape: [3], weights: [tf.tensor2d(W1), tf.tensor1d(b1)] }),
      tf.layers.dense({ units: 4, weights: [tf.tensor2d(W2), tf.tensor1d(b2)] }),
    ],
  });
  const run = await fit(
    model,
    { x, y: labels.map(label => [0, 1, 2, 3].map(k => Number(k === label))) },
    {
      loss: (yTrue, yPred) => tf.losses.softmaxCrossEntropy(yTrue, yPred) as tf.Tensor,
      optimizer: optimizer(),
      epochs: 5,
      batchSize: 8,
      plugins,
      progress: false,
    },
  );
  const expected = oracle.steps[name]!;
  const wanted = [expected.W1.flat(), expected.b1, expected.W2.flat(), expected.b2];
  const got = model.getWeights().map(w => [...w.dataSync()]);
  for (const [i, values] of [...wanted, expected.dataLoss].entries()) {
    const found = [...got, run.history.loss!][i]!;
    expect(found.length).toBe(values.length);
    for (const [j, value] of values.entries()) expect(Math.abs(found[j]! - value)).toBeLessThan(1e-5);
  }
});
