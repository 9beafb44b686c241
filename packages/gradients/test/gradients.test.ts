import { readFileSync } from 'node:fs';
import type { TrainingPlugin } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import { l2 } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { centralize, centralized, clipGlobalNorm, clipNorm, clipToNorm, clipValue, globalNorm } from '../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

type Matrix = number[][];
interface Oracle {
  network: { x: Matrix; labels: number[]; W1: Matrix; b1: number[]; W2: Matrix; b2: number[] };
  steps: Record<string, { W1: Matrix; b1: number[]; W2: Matrix; b2: number[] }>;
}
const file = new URL('./oracle/torch.json', import.meta.url);
const oracle = JSON.parse(readFileSync(file, 'utf8')) as Oracle;

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

describe('against PyTorch, five steps', () => {
  test.each([
    ['sgd_clipnorm', clipGlobalNorm(0.25)],
    ['sgd_clipvalue', clipValue(0.05)],
  ])('%s', async (name, plugin) => {
    const { W1, b1, W2, b2 } = oracle.steps[name]!;
    const got = await fiveSteps(plugin);
    for (const [i, values] of [W1.flat(), b1, W2.flat(), b2].entries()) {
      for (const [j, value] of values.entries()) expect(Math.abs(got[i]![j]! - value)).toBeLessThan(1e-5);
    }
    // the plugin acts: without it the weights are others
    expect(got).not.toEqual(await fiveSteps());
  });
});

describe('formulas', () => {
  const g = tf.tensor2d([3, 0, 4, 0], [2, 2]);
  test('clipToNorm: the norm is c outside the ball, and nothing changes inside', () => {
    expect([...clipToNorm(g, 1).dataSync()].map(v => +v.toFixed(6))).toEqual([0.6, 0, 0.8, 0]);
    expect([...clipToNorm(g, 5).dataSync()]).toEqual([3, 0, 4, 0]);
    expect([...clipToNorm(tf.zeros([2]), 1).dataSync()]).toEqual([0, 0]);
  });
  test('globalNorm is the norm of all tensors as one', () => {
    expect(globalNorm([g, tf.tensor1d([12])]).dataSync()[0]).toBe(13);
    expect(globalNorm([]).dataSync()[0]).toBe(0);
  });
  test('centralized: each unit’s incoming gradients have mean 0', () => {
    expect([...centralized(g, [0]).dataSync()]).toEqual([-0.5, 0, 0.5, 0]);
  });
});

describe('in training', () => {
  /** The change of the weights in one step with learning rate 1: the negative gradient as applied. */
  async function applied(...plugins: TrainingPlugin[]): Promise<number[][]> {
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
  const norm = (...all: number[][]): number => Math.hypot(...all.flat());

  test('clipNorm clips each weight by its own norm, clipGlobalNorm all by one', async () => {
    const [kernel, bias] = await applied(clipNorm(0.01));
    expect(norm(kernel!)).toBeCloseTo(0.01, 6);
    expect(norm(bias!)).toBeCloseTo(0.01, 6);
    const whole = await applied();
    const clipped = await applied(clipGlobalNorm(0.01));
    expect(norm(...clipped)).toBeCloseTo(0.01, 6);
    const factor = norm(...clipped) / norm(...whole);
    clipped.flat().forEach((v, i) => {
      expect(v).toBeCloseTo(whole.flat()[i]! * factor, 6);
    });
  });
  test('clipping sees the L2 term: it is a term of J', async () => {
    expect(norm(...(await applied(l2(10), clipGlobalNorm(0.01))))).toBeCloseTo(0.01, 6);
    expect(norm(...(await applied(clipGlobalNorm(0.01), l2(10))))).toBeCloseTo(0.01, 6);
  });
  test('`where` leaves others alone: they neither count nor are clipped', async () => {
    const whole = await applied();
    const [kernel, bias] = await applied(clipGlobalNorm({ maxNorm: 0.01, where: w => w.role === 'bias' }));
    expect(kernel).toEqual(whole[0]);
    expect(norm(bias!)).toBeCloseTo(0.01, 6);
  });
  test('centralize keeps the mean of each unit’s weights, and leaves biases alone', async () => {
    const [kernel, bias] = await applied(centralize());
    for (let unit = 0; unit < 5; unit++) {
      const column = [0, 1, 2].map(row => kernel![row * 5 + unit]!);
      expect(Math.abs(column.reduce((a, b) => a + b))).toBeLessThan(1e-5);
      expect(norm(column)).toBeGreaterThan(1e-3);
    }
    expect(bias).toEqual((await applied())[1]);
  });
});
