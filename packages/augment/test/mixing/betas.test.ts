import { permutation, uniforms } from '@keepprob/core/random';
import { expect, test } from 'vitest';
import { betas } from '../../src/mixing/betas.ts';

const key = { seed: 7, step: 3, site: 65_536, draw: 0 };

test('uniforms: shards equal the whole; a permutation holds each row once', () => {
  expect([...uniforms(key, 5, 3)]).toEqual([...uniforms(key, 8)].slice(3));
  expect([...betas(0.2, key, 5, 3)]).toEqual([...betas(0.2, key, 8)].slice(3));
  expect([...permutation(key, 9)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});
test.each([0.1, 0.4, 1, 5])('Beta(α, α), α = %f: mean 1/2, variance 1 / (4 (2α + 1))', alpha => {
  const n = 20_000;
  const b = betas(alpha, key, n);
  const variance = 1 / (4 * (2 * alpha + 1));
  expect(Math.abs(b.reduce((s, v) => s + v, 0) / n - 0.5)).toBeLessThan(4 * Math.sqrt(variance / n));
  expect(b.reduce((s, v) => s + (v - 0.5) ** 2, 0) / n / variance).toBeCloseTo(1, 1);
});
