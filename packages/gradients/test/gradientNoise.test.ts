import { normals } from '@keepprob/core/random';
import { linear } from '@keepprob/core/schedules';
import { attach } from '@keepprob/core/stock';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { type GradientNoiseOptions, gradientNoise, noiseDeviation, noisy } from '../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const UNITS = 1000;
/** What a model with no loss moves by in each of three steps, at a learning rate of 1: minus the noise. */
async function noiseOf(options: GradientNoiseOptions | number, seed = 1): Promise<Float32Array[]> {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: UNITS, inputShape: [2], kernelInitializer: 'zeros' })],
  });
  const reg = attach(model, { optimizer: tf.train.sgd(1), seed }, gradientNoise(options));
  model.compile({ optimizer: reg.optimizer, loss: (_, p) => tf.mul(tf.sum(p), 0) });
  const moves: Float32Array[] = [];
  for (let step = 0; step < 3; step++) {
    const before = model.getWeights().map(w => w.clone());
    await model.trainOnBatch(tf.ones([1, 2]), tf.zeros([1, UNITS]));
    const moved = model.getWeights().flatMap((w, i) => [...tf.sub(w, before[i]!).dataSync()]);
    moves.push(Float32Array.from(moved));
  }
  return moves;
}
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b) / values.length;
const square = (values: ArrayLike<number>): number => mean(Array.from(values, v => v * v));

test('σ² = η / (1 + t)^γ', () => {
  expect(noiseDeviation(0.3, 0.55, 0) ** 2).toBeCloseTo(0.3, 12);
  expect(noiseDeviation(1, 0.55, 1) ** 2).toBeCloseTo(0.683, 3);
  expect(noiseDeviation(0.01, 1, 99) ** 2).toBeCloseTo(1e-4, 12);
});

test('noisy adds σ times the normals of the key', () => {
  const key = { seed: 5, step: 2, site: 7, draw: 1 };
  const wanted = normals(key, 4);
  const got = noisy(tf.ones([2, 2]), 0.5, key).dataSync();
  for (const [i, v] of got.entries()) expect(v).toBeCloseTo(1 + 0.5 * wanted[i]!, 6);
});

test('in training: mean 0 and variance σ_t², at each step anew, independent between weights', async () => {
  const moves = await noiseOf({ eta: 0.09, gamma: 1 });
  for (const [t, move] of moves.entries()) {
    const variance = 0.09 / (1 + t);
    // standard errors of a mean and of a variance of n normals: σ / √n, σ² √(2 / n)
    expect(Math.abs(mean(move))).toBeLessThan(4 * Math.sqrt(variance / move.length));
    expect(Math.abs(square(move) - variance)).toBeLessThan(4 * variance * Math.sqrt(2 / move.length));
  }
  // correlations of n pairs: 4 / √n; between steps, between the kernel's rows, and between kernel and bias
  const [first, second] = moves as [Float32Array, Float32Array];
  const rows = [0, 1, 2].map(r => first.subarray(r * UNITS, (r + 1) * UNITS)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const pairs: [Float32Array, Float32Array][] = [[first, second], [rows[0], rows[1]], [rows[0], rows[2]], [rows[1], rows[2]]]; // biome-ignore format: pairs
  for (const [a, b] of pairs) {
    const correlation = mean(a.map((v, i) => v * b[i]!)) / Math.sqrt(square(a) * square(b));
    expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(a.length));
  }
});

test('the run’s seed decides', async () => {
  const [once, again, other] = [await noiseOf(0.1), await noiseOf(0.1), await noiseOf(0.1, 2)];
  expect(again).toEqual(once);
  expect(other[0]).not.toEqual(once[0]);
});

test('η = 0 is nothing; a schedule of η; `where` leaves others alone', async () => {
  for (const move of await noiseOf(0)) expect(square(move)).toBe(0);
  const [, second, third] = await noiseOf({ eta: linear({ from: 1, to: 0, steps: 2 }), gamma: 0 });
  expect(Math.abs(square(second!) - 0.5)).toBeLessThan(4 * 0.5 * Math.sqrt(2 / second!.length));
  expect(square(third!)).toBe(0);
  const [move] = await noiseOf({ eta: 1, where: w => w.role === 'bias' });
  expect(square(move!.subarray(0, 2 * UNITS))).toBe(0);
  expect(square(move!.subarray(2 * UNITS))).toBeGreaterThan(0.5);
});
