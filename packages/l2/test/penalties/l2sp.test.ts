import { OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { l2sp } from '../../src/index.ts';
import { trained } from '../trained.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('L2-SP is 0 at the start, where nothing else moves the weights', async () => {
  expect((await trained(l2sp(5), 0)).cost).toEqual([0, 0, 0]);
});
test.each<() => unknown>([() => l2sp(-1)])('bad options %#', f => expect(f).toThrow(OptionError));
