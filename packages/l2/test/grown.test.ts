/** L2-SP, orthogonality, and the constraints beside max-norm. */
import { readFileSync } from 'node:fs';
import { OptionError, type TrainingPlugin } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import {
  boundNorm,
  l2sp,
  meanCosine,
  minMaxNorm,
  nonNegative,
  orthogonal,
  softOrthogonality,
  unitNorm,
} from '../src/index.ts';

const oracle = JSON.parse(readFileSync(new URL('./oracle/orthogonal.json', import.meta.url), 'utf8')) as {
  W: number[][];
  columnsL2: number;
};

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** The kernel [4, 3] after three steps, and what J was at each of them. */
async function trained(plugin: TrainingPlugin, learningRate = 0.1): Promise<{ kernel: tf.Tensor; cost: number[] }> {
  const layer = tf.layers.dense({
    units: 3,
    inputShape: [4],
    kernelInitializer: tf.initializers.glorotNormal({ seed: 3 }),
  });
  const model = tf.sequential({ layers: [layer] });
  const reg = attach(model, tf.train.sgd(learningRate), plugin);
  model.compile({ optimizer: reg.optimizer, loss: (_, yPred) => tf.mul(tf.sum(yPred), learningRate) });
  const { history } = await model.fit(tf.ones([2, 4]), tf.zeros([2, 3]), { epochs: 3, verbose: 0 });
  return { kernel: model.getWeights()[0]!, cost: history.loss as number[] };
}
const norms = (kernel: tf.Tensor): number[] => [...tf.norm(kernel, 2, 0).dataSync()];

test('unit norms are 1 after training', async () => {
  for (const norm of norms((await trained(unitNorm())).kernel)) expect(norm).toBeCloseTo(1, 5);
});
test('norms stay within their bounds', async () => {
  for (const norm of norms((await trained(minMaxNorm({ minNorm: 2, maxNorm: 3 }))).kernel)) {
    expect(norm).toBeGreaterThan(2 - 1e-5);
    expect(norm).toBeLessThan(3 + 1e-5);
  }
  for (const norm of norms((await trained(minMaxNorm({ maxNorm: 0.25 }))).kernel))
    expect(norm).toBeLessThan(0.25 + 1e-5);
});
test('a rate of ½ goes half the way: 5 → 3 for a bound of 1', () => {
  expect(tf.norm(boundNorm(tf.tensor2d([[3], [4]]), 0, 1, 0.5, [0])).dataSync()[0]).toBeCloseTo(3, 5);
});
test('weights are not negative after training', async () => {
  expect(Math.min(...(await trained(nonNegative())).kernel.dataSync())).toBe(0);
});
test('L2-SP is 0 at the start, where nothing else moves the weights', async () => {
  expect((await trained(l2sp(5), 0)).cost).toEqual([0, 0, 0]);
});
test('orthogonality of columns is Keras’ number', () => {
  expect(meanCosine(tf.tensor2d(oracle.W), [0]).dataSync()[0]).toBeCloseTo(oracle.columnsL2, 6);
});
test('one unit has no pair; rows are units where fan-in is axis 1', () => {
  expect(meanCosine(tf.ones([3, 1]), [0]).dataSync()[0]).toBe(0);
  expect(meanCosine(tf.transpose(tf.tensor2d(oracle.W)), [1]).dataSync()[0]).toBeCloseTo(oracle.columnsL2, 6);
});
test('‖WᵀW − I‖²', () => {
  expect(softOrthogonality(tf.eye(3), [0]).dataSync()[0]).toBe(0);
  // WᵀW = [[4, 2], [2, 2]]: 3² + 2² + 2² + 1²
  expect(softOrthogonality(tf.tensor2d([[2, 1], [0, 1]]), [0]).dataSync()[0]).toBe(18); // biome-ignore format: a matrix
});
test.each<() => unknown>([
  () => l2sp(-1),
  () => orthogonal({ mode: 'hard' as never }),
  () => orthogonal({ strength: -1 }),
  () => minMaxNorm({ rate: 2 }),
  () => minMaxNorm({ maxNorm: 0 }),
  () => unitNorm({ axis: 0 } as never),
  () => nonNegative({ where: 1 as never }),
])('bad options %#', f => expect(f).toThrow(OptionError));
