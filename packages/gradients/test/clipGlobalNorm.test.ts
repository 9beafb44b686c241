import { l2 } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { clipGlobalNorm, globalNorm } from '../src/index.ts';
import { applied, norm } from './applied.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('globalNorm is the norm of all tensors as one', () => {
  const g = tf.tensor2d([3, 0, 4, 0], [2, 2]);
  expect(globalNorm([g, tf.tensor1d([12])]).dataSync()[0]).toBe(13);
  expect(globalNorm([]).dataSync()[0]).toBe(0);
});
test('all weights are clipped by one factor', async () => {
  const whole = await applied();
  const clipped = await applied(clipGlobalNorm(0.01));
  expect(norm(...clipped)).toBeCloseTo(0.01, 6);
  const factor = norm(...clipped) / norm(...whole);
  clipped.flat().forEach((v, i) => {
    expect(v).toBeCloseTo(whole.flat()[i]! * factor, 6);
  });
});
test('clipping sees the L2 term: it is a term of J', async () => {
  expect(norm(...(await applied(l2(10), clipGlobalNorm(0.01))))).toBeCloseTo(0.01, 6);
  expect(norm(...(await applied(clipGlobalNorm(0.01), l2(10))))).toBeCloseTo(0.01, 6);
});
test('`where` leaves others alone: they neither count nor are clipped', async () => {
  const whole = await applied();
  const [kernel, bias] = await applied(clipGlobalNorm({ maxNorm: 0.01, where: w => w.role === 'bias' }));
  expect(kernel).toEqual(whole[0]);
  expect(norm(bias!)).toBeCloseTo(0.01, 6);
});
