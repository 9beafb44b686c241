/** What one step applies, on the network of the oracle. */
import { readFileSync } from 'node:fs';
import type { TrainingPlugin } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import * as tf from '@tensorflow/tfjs';

type Matrix = number[][];
interface Oracle {
  network: { x: Matrix; labels: number[]; W1: Matrix; b1: number[]; W2: Matrix; b2: number[] };
  steps: Record<string, { W1: Matrix; b1: number[]; W2: Matrix; b2: number[] }>;
}
const file = new URL('./oracle/torch.json', import.meta.url);
export const oracle = JSON.parse(readFileSync(file, 'utf8')) as Oracle;

/** The change of the weights in one step with learning rate 1: the negative gradient as applied. */
export async function applied(...plugins: TrainingPlugin[]): Promise<number[][]> {
  const { x, W1, b1 } = oracle.network;
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 5, inputShape: [3], weights: [tf.tensor2d(W1), tf.tensor1d(b1)] })],
  });
  const before = model.getWeights().map(w => [...w.dataSync()]);
  const reg = attach(model, tf.train.sgd(1), ...plugins);
  model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
  await model.trainOnBatch(tf.tensor2d(x), tf.fill([x.length, 5], 7));
  return model.getWeights().map((w, i) => [...w.dataSync()].map((v, j) => v - before[i]![j]!));
}
export const norm = (...all: number[][]): number => Math.hypot(...all.flat());
