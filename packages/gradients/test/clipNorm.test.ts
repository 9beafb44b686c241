import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { clipNorm, clipToNorm } from '../src/index.ts';
import { applied, norm } from './applied.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('clipToNorm: the norm is c outside the ball, and nothing changes inside', () => {
  const g = tf.tensor2d([3, 0, 4, 0], [2, 2]);
  expect([...clipToNorm(g, 1).dataSync()].map(v => +v.toFixed(6))).toEqual([0.6, 0, 0.8, 0]);
  expect([...clipToNorm(g, 5).dataSync()]).toEqual([3, 0, 4, 0]);
  expect([...clipToNorm(tf.zeros([2]), 1).dataSync()]).toEqual([0, 0]);
});
test('each weight is clipped by its own norm', async () => {
  const [kernel, bias] = await applied(clipNorm(0.01));
  expect(norm(kernel!)).toBeCloseTo(0.01, 6);
  expect(norm(bias!)).toBeCloseTo(0.01, 6);
});
