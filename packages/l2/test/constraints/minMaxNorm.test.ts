import { OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { boundNorm, minMaxNorm } from '../../src/index.ts';
import { norms, trained } from '../trained.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
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
test.each<() => unknown>([() => minMaxNorm({ rate: 2 }), () => minMaxNorm({ maxNorm: 0 })])('bad options %#', f =>
  expect(f).toThrow(OptionError),
);
