/** Five full-batch steps through stock fit against PyTorch in float64. */
import { readFileSync } from 'node:fs';
import type { TrainingPlugin } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { l2, maxNorm, weightDecay } from '../src/index.ts';

type Matrix = number[][];
interface Oracle {
  network: { x: Matrix; labels: number[]; W1: Matrix; b1: number[]; W2: Matrix; b2: number[] };
  steps: Record<string, { dataLoss: number[]; W1: Matrix; b1: number[]; W2: Matrix; b2: number[] }>;
}
const oracle = JSON.parse(readFileSync(new URL('./oracle/torch.json', import.meta.url), 'utf8')) as Oracle;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const adam = () => tf.train.adam(0.01, 0.9, 0.999, 1e-8);
test.each<[string, () => tf.Optimizer, TrainingPlugin[]]>([
  ['sgd', () => tf.train.sgd(0.1), []],
  ['sgd_l2', () => tf.train.sgd(0.1), [l2(0.01)]],
  ['momentum_l2', () => tf.train.momentum(0.1, 0.9), [l2(0.01)]],
  ['adam', adam, []],
  ['adam_l2', adam, [l2(0.01)]],
  ['adamw', adam, [weightDecay(0.02)]],
  ['sgd_maxnorm', () => tf.train.sgd(0.1), [maxNorm(0.6)]],
])('%s', async (name, optimizer, plugins) => {
  const { x, labels, W1, b1, W2, b2 } = oracle.network;
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 5, activation: 'tanh', inputShape: [3], weights: [tf.tensor2d(W1), tf.tensor1d(b1)] }),
      tf.layers.dense({ units: 4, weights: [tf.tensor2d(W2), tf.tensor1d(b2)] }),
    ],
  });
  const reg = attach(model, optimizer(), ...plugins);
  model.compile({
    optimizer: reg.optimizer,
    loss: (yTrue, yPred) => tf.losses.softmaxCrossEntropy(yTrue, yPred) as tf.Tensor,
  });
  await model.fit(tf.tensor2d(x), tf.oneHot(tf.tensor1d(labels, 'int32'), 4), {
    epochs: 5,
    batchSize: 8,
    shuffle: false,
    verbose: 0,
  });
  const expected = oracle.steps[name]!;
  const got = model.getWeights().map(w => [...w.dataSync()]);
  const wanted = [expected.W1.flat(), expected.b1, expected.W2.flat(), expected.b2];
  for (const [i, values] of wanted.entries()) {
    for (const [j, value] of values.entries()) expect(Math.abs(got[i]![j]! - value)).toBeLessThan(1e-5);
  }
});
