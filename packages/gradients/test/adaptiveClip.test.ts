import type { TrainingPlugin } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { adaptiveClip, clipToWeights } from '../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('clipToWeights', () => {
  // units are columns: ‖W‖ = 5, 0; ‖G‖ = 10, 10
  const w = () => tf.tensor2d([[3, 0], [4, 0]]); // biome-ignore format: a matrix
  const g = () => tf.tensor2d([[6, 8], [8, 6]]); // biome-ignore format: a matrix
  const clipped = (lambda: number, epsilon: number, axes: number[]): number[] =>
    [...clipToWeights(g(), w(), lambda, epsilon, axes).dataSync()].map(v => +v.toFixed(5));

  test('each unit to λ times the norm of its weights, a unit of zeros to λ ε', () => {
    // .1 · 5 = .5 of 10; .1 · .2 = .02 of 10
    expect(clipped(0.1, 0.2, [0])).toEqual([0.3, 0.016, 0.4, 0.012]);
  });
  test('inside the ball nothing changes, to the bit', () => {
    expect(clipped(2, 5, [0])).toEqual([6, 8, 8, 6]);
  });
  test('weights without units are one unit', () => {
    // ‖W‖ = 5, ‖G‖ = √200: .5 / √200 of G
    const factor = 0.5 / Math.sqrt(200);
    expect(clipped(0.1, 1e-3, [])).toEqual([6, 8, 8, 6].map(v => +(v * factor).toFixed(5)));
    expect(clipToWeights(tf.tensor1d([3, 4]), tf.tensor1d([0.6, 0.8]), 0.5, 1e-3, []).shape).toEqual([2]);
  });
  test('units of a convolution: the axes in front of the last', () => {
    const [kernel, gradient] = [tf.ones([2, 2, 1, 3]), tf.fill([2, 2, 1, 3], 5)];
    // ‖W‖ = 2, ‖G‖ = 10: .1 · 2 of 10
    for (const v of clipToWeights(gradient, kernel, 0.1, 1e-3, [0, 1, 2]).dataSync()) expect(v).toBeCloseTo(0.1, 6);
  });
  test('a gradient of zeros stays one', () => {
    expect([...clipToWeights(tf.zeros([2]), tf.zeros([2]), 0.1, 1e-3, []).dataSync()]).toEqual([0, 0]);
  });
});

test('in training no unit changes by more than λ of itself, at a learning rate of 1', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, inputShape: [2], kernelInitializer: tf.initializers.glorotNormal({ seed: 1 }) }),
    ],
  });
  const kernel = () => model.getWeights()[0]!.clone();
  const step = async (...plugins: TrainingPlugin[]): Promise<number[]> => {
    const before = kernel();
    const reg = attach(model, tf.train.sgd(1), ...plugins);
    model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
    await model.trainOnBatch(tf.ones([4, 2]), tf.fill([4, 3], 100));
    return [...tf.div(tf.norm(tf.sub(kernel(), before), 2, 0), tf.norm(before, 2, 0)).dataSync()];
  };
  for (const share of await step(adaptiveClip(0.05))) expect(share).toBeCloseTo(0.05, 5);
  for (const share of await step(adaptiveClip({ maxRatio: 0.05, where: w => w.role === 'bias' })))
    expect(share).toBeGreaterThan(1);
});
