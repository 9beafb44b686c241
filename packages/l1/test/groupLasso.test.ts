import { OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { groupLasso, groupNorm } from '../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('√n Σ‖w‖ and its gradient, 0 for a unit of zeros', () => {
  // columns (3, 4) and (0, 0), n = 2: √2 · 5
  const { value, grad } = tf.valueAndGrad(w => groupNorm(w, [0]))(tf.tensor2d([[3, 0], [4, 0]])); // biome-ignore format: a matrix
  expect(value.dataSync()[0]).toBeCloseTo(5 * Math.SQRT2, 5);
  const wanted = [0.6 * Math.SQRT2, 0, 0.8 * Math.SQRT2, 0];
  for (const [i, g] of grad.dataSync().entries()) expect(g).toBeCloseTo(wanted[i]!, 6);
});

test.each<[() => unknown, RegExp]>([[() => groupLasso(Number.NaN), /NaN/]])('bad options %#', (f, message) => {
  expect(f).toThrow(OptionError);
  expect(f).toThrow(message);
});
