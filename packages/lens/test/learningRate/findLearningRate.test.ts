import { DataError, OptionError } from '@keepprob/core';
import { dropout } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { findLearningRate } from '../../src/index.ts';
import { averaged, read } from '../../src/learningRate/rangeTest.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });
const net = () =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 16, activation: 'relu', inputShape: [4], kernelInitializer: seeded(1) }),
      dropout({ keepProb: 0.8 }),
      tf.layers.batchNormalization(),
      tf.layers.dense({ units: 1, kernelInitializer: seeded(2) }),
    ],
  });
const data = (rows = 64) => {
  const x = tf.randomNormal([rows, 4], 0, 1, 'float32', 3);
  return { x, y: tf.sum(x, 1, true) };
};
const loss = 'meanSquaredError';
const weights = (model: tf.LayersModel) => model.getWeights().flatMap(w => [...w.dataSync()]);

describe('reading', () => {
  test('smoothing: a constant stays, and the first value is itself', () => {
    for (const v of averaged([3, 3, 3, 3])) expect(v).toBeCloseTo(3, 12);
    // .9 · .1 · 1 + .1 · 2 over 1 − .81
    expect(averaged([1, 2])[1]).toBeCloseTo((0.09 + 0.2) / 0.19, 12);
  });
  test('the steepest fall lies before the lowest cost, where the slope is least', () => {
    const costs = [9, 9, 9, 9, 9, 9, 8.5, 6, 3, 2, 1.8, 5, 50];
    expect(read(costs)).toEqual({ lowest: 10, steepest: 7 });
    expect(read([1, 1, 1, 1, 1, 1, 2, 3])).toEqual({ lowest: 0, steepest: null });
  });
});

describe('the range test', () => {
  test('a quadratic with curvature 2: its suggestion trains, its lowest is near the limit 1, beyond it J runs away', async () => {
    // J = mean (w x − y)² with x = ±1: gradient 2 (w − mean xy), stable for learning rates below 1
    const x = Array.from({ length: 64 }, (_, i) => [i % 2 ? 1 : -1]);
    const y = x.map(([v], i) => [v! + (i % 4 < 2 ? 0.5 : -0.5)]); // no w fits every batch
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [1], useBias: false, kernelInitializer: 'zeros' })],
    });
    const found = await findLearningRate(
      model,
      { x, y },
      { loss, optimizer: tf.train.sgd(0), from: 1e-5, to: 1e3, steps: 160 },
    );
    expect(found.diverged).toBe(true);
    expect(found.suggestion!).toBeGreaterThan(1e-3);
    expect(found.suggestion!).toBeLessThan(1);
    expect(found.lowest).toBeGreaterThan(found.suggestion!);
    // the cost can rise only where the rate is beyond 1
    const least = found.costs.indexOf(Math.min(...found.costs));
    expect(found.learningRates[least]!).toBeLessThan(1.2);
    expect(found.text).toMatch(/falls fastest/);
  });

  test('model and optimizer come back as they were, and nothing is left behind', async () => {
    const model = net();
    const optimizer = tf.train.momentum(0.3, 0.9);
    const given = data();
    const before = weights(model);
    await findLearningRate(model, given, { loss, optimizer, plugins: [l2(1e-3)], steps: 20 });
    const tensors = tf.memory().numTensors;
    await findLearningRate(model, given, { loss, optimizer, plugins: [l2(1e-3)], steps: 20 });
    expect(weights(model)).toEqual(before);
    expect(optimizer.getConfig().learningRate).toBe(0.3);
    // `momentum` of TF.js keeps its learning rate when it is disposed
    expect(tf.memory().numTensors - tensors).toBeLessThanOrEqual(1);
  });

  test('the same seed gives the same answer; Adam is the default', async () => {
    const run = (seed: number) => findLearningRate(net(), data(), { loss, seed, steps: 20 });
    const [a, b, c] = [await run(1), await run(1), await run(2)];
    expect(a.costs).toEqual(b.costs);
    expect(a.costs).not.toEqual(c.costs);
  });

  test('rates grow evenly by their logarithm', async () => {
    const { learningRates } = await findLearningRate(net(), data(), { loss, from: 1e-4, to: 1e-2, steps: 21 });
    expect(learningRates.length).toBe(21);
    for (const [i, rate] of learningRates.entries()) expect(Math.log10(rate)).toBeCloseTo(-4 + i / 10, 10);
  });

  test('a cost that falls nowhere: no suggestion, and it says so', async () => {
    const constant = (_: tf.Tensor, p: tf.Tensor) => tf.add(tf.mul(p, 0), 1);
    const found = await findLearningRate(net(), data(), { loss: constant, steps: 20 });
    expect(found.suggestion).toBeNull();
    expect(found.text).toMatch(/J did not fall/);
    expect(await found.picture()).toMatch(/^<svg/);
  });

  test('the picture: both curves and the suggestion, no NaN', async () => {
    const found = await findLearningRate(net(), data(), { loss, to: 1e6 });
    const svg = await found.picture();
    expect(svg).toMatch(/^<svg[^>]*xmlns/);
    expect(svg).not.toMatch(/NaN/);
    expect(svg.match(/aria-label="line"/g)?.length).toBe(2);
    expect(svg.match(/aria-label="rule"/g)?.length).toBe(1);
  });

  test('abort: its reason, and the model as it was', async () => {
    const model = net();
    const before = weights(model);
    const controller = new AbortController();
    const progress = ({ done }: { done: number }) => void (done === 5 && controller.abort(new Error('enough')));
    await expect(findLearningRate(model, data(), { loss, signal: controller.signal, progress })).rejects.toThrow(
      'enough',
    );
    expect(weights(model)).toEqual(before);
  });
});

test.each<[object, RegExp]>([
  [{ loss, from: 1, to: 0.1 }, /to/],
  [{ loss, steps: 3 }, /steps/],
  [{ loss, from: 0 }, /from/],
  [{}, /loss/],
  [{ loss, stepz: 5 }, /Did you mean `steps`/],
])('%j is refused', async (options, message) => {
  await expect(findLearningRate(net(), data(), options as never)).rejects.toThrow(OptionError);
  await expect(findLearningRate(net(), data(), options as never)).rejects.toThrow(message);
});
test('no data are refused', async () => {
  await expect(findLearningRate(net(), { x: [], y: [] }, { loss })).rejects.toThrow(DataError);
});
