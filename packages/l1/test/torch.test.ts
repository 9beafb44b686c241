/** Five steps with each technique that PyTorch has, too. */
import { readFileSync } from 'node:fs';
import type { TrainingPlugin } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { elasticNet, groupLasso, l1, proximalL1 } from '../src/index.ts';

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
