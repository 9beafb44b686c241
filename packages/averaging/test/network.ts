/** The network of the oracle, five steps of which PyTorch took, and what the tests need of it. */
import { readFileSync } from 'node:fs';
import { definePlugin, type TrainingPlugin } from '@keepprob/core';
import { type FitOptions, type FittedRun, fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect } from 'vitest';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

type Matrix = number[][];
interface Oracle {
  network: { x: Matrix; labels: number[]; W1: Matrix; b1: number[]; W2: Matrix; b2: number[] };
  steps: Record<string, { W1: Matrix; b1: number[]; W2: Matrix; b2: number[] }>;
}
export const oracle = JSON.parse(readFileSync(new URL('./oracle/torch.json', import.meta.url), 'utf8')) as Oracle;
export const values = (model: tf.LayersModel): number[][] => model.getWeights().map(w => [...w.dataSync()]);
export const loss = (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor =>
  tf.losses.softmaxCrossEntropy(yTrue, yPred) as tf.Tensor;

export function network(): { model: tf.LayersModel; x: tf.Tensor2D; y: tf.Tensor } {
  const { x, labels, W1, b1, W2, b2 } = oracle.network;
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 5, activation: 'tanh', inputShape: [3], weights: [tf.tensor2d(W1), tf.tensor1d(b1)] }),
      tf.layers.dense({ units: 4, weights: [tf.tensor2d(W2), tf.tensor1d(b2)] }),
    ],
  });
  return { model, x: tf.tensor2d(x), y: tf.oneHot(tf.tensor1d(labels, 'int32'), 4) };
}

/** The weights after every update. */
export function recorder(): { plugin: TrainingPlugin; steps: number[][][] } {
  const steps: number[][][] = [];
  const record = definePlugin<object>({
    name: 'record',
    options: {},
    setup: () => ({
      afterUpdate(weights) {
        steps.push(weights.map(w => [...w.variable.dataSync()]));
      },
    }),
  });
  return { plugin: record(), steps };
}
export const close = (got: number[][], wanted: number[][], tolerance = 1e-5): void => {
  got.flat().forEach((v, i) => {
    expect(Math.abs(v - wanted.flat()[i]!)).toBeLessThan(tolerance);
  });
};
export const five = { epochs: 5, batchSize: 8, shuffle: false } as const;

/** Five steps of SGD through `fit`, an epoch each. */
export const train = (
  model: tf.LayersModel,
  data: { x: tf.Tensor; y: tf.Tensor },
  more: Partial<FitOptions> = {},
): Promise<FittedRun> =>
  fit(model, data, { loss, ...five, progress: false, ...more, optimizer: more.optimizer ?? tf.train.sgd(0.1) });
