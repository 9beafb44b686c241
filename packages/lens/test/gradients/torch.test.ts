/** The adaptive L2 of linear and logistic regression against PyTorch in float64: the expectation over all masks, and the penalty of each weight. */
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { adaptiveLambda, effectiveL2, expectationOverMasks } from '../../src/index.ts';

interface Oracle {
  linear: {
    x: number[][];
    y: number[];
    w: number[];
    keepProb: number;
    mse: number;
    expectedDropoutMse: number;
    penalty: number;
    penaltyPerWeight: number[];
  };
  logistic: {
    labels: number[];
    logloss: number;
    expectedDropoutLogloss: number;
    exactPenalty: number;
    quadraticPenalty: number;
    quadraticPenaltyPerWeight: number[];
  };
}
const file = new URL('../oracle/torch.json', import.meta.url);
const { linear, logistic } = (JSON.parse(readFileSync(file, 'utf8')) as { adaptiveL2: Oracle }).adaptiveL2;
const { x, y, w, keepProb } = linear;
const rows = x.length;
const mean = (f: (row: number) => number): number => x.reduce((sum, _, i) => sum + f(i), 0) / rows;
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
const output = (i: number, m: readonly number[] = [1, 1, 1, 1]): number =>
  dot(
    x[i]!.map((v, j) => v * m[j]!),
    w,
  );
const net = (activation: 'linear' | 'sigmoid') =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 1, useBias: false, activation, inputShape: [4], weights: [tf.tensor2d(w, [4, 1])] }),
    ],
  });

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('linear: in float64 to 1e-12, through a model to float32', async () => {
  const lambda = adaptiveLambda(x, () => 2, keepProb);
  for (const [j, value] of linear.penaltyPerWeight.entries()) expect(lambda[j]! * w[j]! ** 2).toBeCloseTo(value, 12);
  expect(mean(i => expectationOverMasks(4, keepProb, m => (y[i]! - output(i, m)) ** 2))).toBeCloseTo(
    linear.expectedDropoutMse,
    12,
  );
  const found = await effectiveL2(net('linear'), { x, y }, { input: keepProb });
  expect(found.loss.value).toBeCloseTo(linear.mse, 6);
  expect(found.penalty.value).toBeCloseTo(linear.penalty, 6);
  expect([...found.sites[0]!.units]).toEqual(linear.penaltyPerWeight.map(v => expect.closeTo(v, 6)));
  expect(Math.abs(found.sampled.value - linear.penalty)).toBeLessThan(4 * found.sampled.error);
});

test('logistic: in float64 to 1e-12, through a model to float32', async () => {
  const mu = (i: number): number => 1 / (1 + Math.exp(-output(i)));
  const lambda = adaptiveLambda(x, i => mu(i) * (1 - mu(i)), keepProb);
  for (const [j, value] of logistic.quadraticPenaltyPerWeight.entries())
    expect(lambda[j]! * w[j]! ** 2).toBeCloseTo(value, 12);
  const loss = (z: number, label: number): number => Math.log1p(Math.exp(z)) - label * z;
  const expected = mean(i => expectationOverMasks(4, keepProb, m => loss(output(i, m), logistic.labels[i]!)));
  expect(expected).toBeCloseTo(logistic.expectedDropoutLogloss, 12);
  const found = await effectiveL2(net('sigmoid'), { x, y: logistic.labels }, { input: keepProb });
  expect(found.loss.value).toBeCloseTo(logistic.logloss, 6);
  expect(found.penalty.value).toBeCloseTo(logistic.quadraticPenalty, 6);
  expect(Math.abs(found.sampled.value - logistic.exactPenalty)).toBeLessThan(4 * found.sampled.error);
});
