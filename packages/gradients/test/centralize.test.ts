import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { centralize, centralized } from '../src/index.ts';
import { applied, norm } from './applied.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('centralized: each unit’s incoming gradients have mean 0', () => {
  const g = tf.tensor2d([3, 0, 4, 0], [2, 2]);
  expect([...centralized(g, [0]).dataSync()]).toEqual([-0.5, 0, 0.5, 0]);
});
test('centralize keeps the mean of each unit’s weights, and leaves biases alone', async () => {
  const [kernel, bias] = await applied(centralize());
  for (let unit = 0; unit < 5; unit++) {
    const column = [0, 1, 2].map(row => kernel![row * 5 + unit]!);
    expect(Math.abs(column.reduce((a, b) => a + b))).toBeLessThan(1e-5);
    expect(norm(column)).toBeGreaterThan(1e-3);
  }
  expect(bias).toEqual((await applied())[1]);
});
