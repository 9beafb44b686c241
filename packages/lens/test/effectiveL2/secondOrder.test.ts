/** Deep nets, where the theory is of second order: against differences, enumeration and samples. */
import { spatialDropout2D } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { effectiveL2, expectationOverMasks } from '../../src/index.ts';
import { agrees, column, dense, dot, model, relu, softplus, sum, times } from '../support/exact.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('deep nets', () => {
  const x = [[1.1, 0.8, -1.4]];
  const W = [
    [-1, -0.2, 1.1],
    [0.1, 1.8, 0.9],
    [-2.2, -1.4, 2.7],
  ];
  const U = [1.7, -1.7, 2.1];

  test('planted: the penalty is negative where the approximation is positive, and is shown as such', async () => {
    const logit = (row: readonly number[]): number =>
      dot(
        [0, 1, 2].map(i =>
          relu(
            dot(
              row,
              W.map(w => w[i]!),
            ),
          ),
        ),
        U,
      );
    const loss = (z: number): number => softplus(z) - z;
    const exact = expectationOverMasks(3, 0.5, m => loss(logit(times(x[0]!, m)))) - loss(logit(x[0]!));
    expect(exact).toBeCloseTo(-1.055, 3);
    const net = model(dense(W, 'relu', { inputShape: [3] }), dense(column(U), 'sigmoid'));
    const found = await effectiveL2(net, { x, y: [1] }, { input: 0.5 });
    expect(found.penalty.value).toBeCloseTo(0.632, 3);
    agrees(found, exact);
    expect(found.sites[0]!.sampledL2!.value).toBeLessThan(0);
    expect(found.text).toMatch(/negative/);
    expect(found.text).toMatch(/−1\.0/);
  });

  test('⟨diag(JᵀHJ), h²⟩ of two sites is that of the Jacobian by differences', async () => {
    const W2 = [
      [0.4, -0.6],
      [0.9, 0.3],
      [-0.5, 0.7],
    ];
    const layers = () => [dense(W, 'relu', { inputShape: [3], name: 'one' }), dense(W2, 'softmax', { name: 'two' })];
    const rows = [
      [1.1, 0.8, -1.4],
      [-0.5, 0.9, 0.3],
    ];
    const logits = (h: readonly number[]): number[] =>
      [0, 1].map(k =>
        dot(
          h,
          W2.map(w => w[k]!),
        ),
      );
    const one = (r: readonly number[]): number[] =>
      [0, 1, 2].map(i =>
        relu(
          dot(
            r,
            W.map(w => w[i]!),
          ),
        ),
      );
    const form = (from: readonly number[], f: (v: readonly number[]) => number[]): number => {
      const e = f(from).map(Math.exp);
      const pi = e.map(v => v / sum(e));
      const step = 1e-6;
      return sum(
        from.map((v, j) => {
          const moved = f(from.map((u, i) => (i === j ? u + step : u)));
          const J = moved.map((z, k) => (z - f(from)[k]!) / step);
          return v ** 2 * (dot(pi, times(J, J)) - dot(pi, J) ** 2);
        }),
      );
    };
    const found = await effectiveL2(
      model(...layers()),
      { x: rows, y: [0, 1] },
      { keepProbs: { one: 0.5 }, input: 0.8 },
    );
    const strength = (p: number): number => (0.5 * (1 - p)) / p / 2;
    expect(found.sites[0]!.penalty.value).toBeCloseTo(
      strength(0.8) * sum(rows.map(r => form(r, v => logits(one(v))))),
      4,
    );
    expect(found.sites[1]!.penalty.value).toBeCloseTo(strength(0.5) * sum(rows.map(r => form(one(r), logits))), 4);
    expect(found.penalty.value).toBeCloseTo(sum(found.sites.map(s => s.penalty.value)), 6);
    expect(found.sites.map(s => s.theory)).toEqual(['secondOrder', 'quadratic']);
  });

  test('all sites together: sampled with masks that do not know of each other, as by enumeration', async () => {
    const first = [
      [1, 0.5],
      [-0.5, 1],
    ];
    const second = [2, -1];
    const output = (m: readonly number[], n: readonly number[]): number =>
      dot(
        times(
          n,
          [0, 1].map(i =>
            dot(
              times(m, [1, 2]),
              first.map(w => w[i]!),
            ),
          ),
        ),
        second,
      );
    const exact =
      expectationOverMasks(4, 0.6, m => output(m.slice(0, 2), m.slice(2)) ** 2) - output([1, 1], [1, 1]) ** 2;
    const net = model(dense(first, 'linear', { inputShape: [2], name: 'h' }), dense(column(second)));
    const found = await effectiveL2(net, { x: [[1, 2]], y: [0] }, { keepProbs: { h: 0.6 }, input: 0.6 });
    agrees(found, exact);
  });

  test('many outputs: random directions agree with all of them within 4 of their standard errors', async () => {
    const dataOf = (outputs: number) => ({
      x: tf.randomNormal([40, 6], 0, 1, 'float32', 1),
      y: tf.zeros([40, outputs]),
    });
    const kernel = tf.randomNormal([6, 80], 0, 1, 'float32', 3);
    const net = model(tf.layers.dense({ units: 80, useBias: false, inputShape: [6], weights: [kernel] }));
    const data = dataOf(80);
    const found = await effectiveL2(net, data, { input: 0.5, samples: 2 });
    // squared error: (q/p) Σ_j ‖w_j‖² mean h_j² / outputs
    const exact = tf.tidy(
      () => tf.sum(tf.mul(tf.sum(tf.square(kernel), 1), tf.mean(tf.square(data.x), 0))).dataSync()[0]! / 80,
    );
    expect(found.penalty.error).toBeGreaterThan(0);
    expect(found.penalty.error).toBeLessThan(0.05 * exact);
    expect(Math.abs(found.penalty.value - exact)).toBeLessThan(4 * found.penalty.error);
  });

  test('channels dropped whole: spatial dropout before a convolution, exact for squared error', async () => {
    const x = tf.randomNormal([3, 4, 4, 2], 0, 1, 'float32', 5);
    const kernel = tf.randomNormal([4, 4, 2, 1], 0, 1, 'float32', 6);
    const net = model(
      spatialDropout2D({ keepProb: 0.5, inputShape: [4, 4, 2] }),
      tf.layers.conv2d({ filters: 1, kernelSize: 4, useBias: false, weights: [kernel] }),
      tf.layers.flatten(),
    );
    const found = await effectiveL2(net, { x, y: [0, 0, 0] });
    // (q/p) Σ_c mean_i (Σ_positions w x)²
    const exact = tf.tidy(
      () => tf.mean(tf.sum(tf.square(tf.sum(tf.mul(x, tf.reshape(kernel, [1, 4, 4, 2])), [1, 2])), 1)).dataSync()[0]!,
    );
    expect(found.sites[0]!.theory).toBe('exact');
    expect(found.penalty.value).toBeCloseTo(exact, 4);
    agrees(found, exact);
    expect(found.sites[0]!.lambda).toHaveLength(2);
  });
});
