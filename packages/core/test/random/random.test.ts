import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { philox4x32 } from '../../src/random/philox.ts';
import { logisticNoise, normalNoise, normals, permutation, uniforms } from '../../src/random.ts';

const key = { seed: 2 ** 40 + 7, step: 3, site: 65_536, draw: 1 };

test.each([uniforms, normals])('%o: a shard draws what the whole draws at its rows', draw => {
  const whole = draw(key, 23);
  for (let first = 0; first < 9; first++)
    expect([...draw(key, 11, first)]).toEqual([...whole.slice(first, first + 11)]);
});

test('number e is word e & 3 of block e >>> 2, over 2³²', () => {
  const words = [0, 1].flatMap(i => [...philox4x32([i, 3, 65_536, 1], [7, 2 ** 8])]);
  expect([...uniforms(key, 8)]).toEqual(words.map(w => w / 2 ** 32));
});

test('normals: mean 0, variance 1, fourth moment 3, neighbours uncorrelated, within 4σ at 200,000', () => {
  const n = 200_000;
  const z = normals(key, n);
  const mean = (f: (v: number, i: number) => number): number => z.reduce((s, v, i) => s + f(v, i), 0) / n;
  expect(Math.abs(mean(v => v))).toBeLessThan(4 / Math.sqrt(n));
  expect(Math.abs(mean(v => v * v) - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  expect(Math.abs(mean(v => v ** 4) - 3)).toBeLessThan(4 * Math.sqrt(96 / n));
  expect(Math.abs(mean((v, i) => v * (z[i + 1] ?? 0)))).toBeLessThan(4 / Math.sqrt(n));
});

test('a permutation holds each row once', () => {
  expect([...permutation(key, 9)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

test('noise holds the numbers of the key at their indices, in float32', () => {
  tf.tidy(() => {
    const z = [...normals(key, 6, 5)].map(v => Math.fround(0.25 + 3 * v));
    const normal = normalNoise([2, 3], key, { mean: 0.25, scale: 3, first: 5 });
    expect(normal.shape).toEqual([2, 3]);
    expect([...normal.dataSync()]).toEqual(z);
    const u = [...uniforms(key, 4, 2)].map(v => v + 2 ** -33);
    const logistic = logisticNoise([4], key, { first: 2 });
    expect([...logistic.dataSync()]).toEqual(u.map(v => Math.fround(Math.log(v / (1 - v)))));
  });
});
