import type { TrainingPlugin } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { clipGlobalNorm, clipValue } from '../src/index.ts';
import { oracle } from './applied.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Five full-batch steps on the oracle's network; the final weights. */
async function fiveSteps(...plugins: TrainingPlugin[]): Promise<number[][]> {
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
  return model.getWeights().map(w => [...w.dataSync()]);
}

test.each([
  ['sgd_clipnorm', clipGlobalNorm(0.25)],
  ['sgd_clipvalue', clipValue(0.05)],
])('five steps are those of PyTorch: %s', async (name, plugin) => {
  const { W1, b1, W2, b2 } = oracle.steps[name]!;
  const got = await fiveSteps(plugin);
  for (const [i, values] of [W1.flat(), b1, W2.flat(), b2].entries()) {
    for (const [j, value] of values.entries()) expect(Math.abs(got[i]![j]! - value)).toBeLessThan(1e-5);
  }
  // the plugin acts: without it the weights are others
  expect(got).not.toEqual(await fiveSteps());
});
