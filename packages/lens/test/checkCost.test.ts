import { writeFileSync } from 'node:fs';
import { dropout } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { type CheckCostOptions, checkCost } from '../src/checkCost.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});
const glorot = (seed: number) => ({ kernelInitializer: tf.initializers.glorotUniform({ seed }) });
const data = (rows = 64, inputs = 5, classes = 3) => ({
  x: tf.randomNormal([rows, inputs], 0, 1, 'float32', 1),
  y: tf.oneHot(
    tf.tensor1d(
      Array.from({ length: rows }, (_, i) => (5 * i + (i % 7)) % classes),
      'int32',
    ),
    classes,
  ),
});
const net = (...middle: tf.layers.Layer[]) =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 12, activation: 'relu', inputShape: [5], name: 'first', ...glorot(1) }),
      ...middle,
      dropout({ keepProb: 0.5 }),
      tf.layers.dense({ units: 3, activation: 'softmax', name: 'last', ...glorot(2) }),
    ],
  });
const loss = 'categoricalCrossentropy';
const check = (model: tf.LayersModel, more: CheckCostOptions = {}) =>
  checkCost(model, data(), { loss, learningRate: 0.1, progress: false, ...more });
test('sound', async () => {
  const c = await check(net(), { plugins: [l2(1e-3)] });
  console.log(c.text);
  writeFileSync('/tmp/lab/cost1.svg', await c.picture());
  expect(c.verdict).toBe('falls');
  const d = await check(net(), { learningRate: 10 });
  console.log(d.text);
  writeFileSync('/tmp/lab/cost2.svg', await d.picture());
  writeFileSync('/tmp/lab/cost3.svg', await d.gradient!.picture());
  expect(d.verdict).toBe('learningRateTooHigh');
});
