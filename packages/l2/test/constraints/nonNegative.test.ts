import { OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { nonNegative } from '../../src/index.ts';
import { trained } from '../trained.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('weights are not negative after training', async () => {
  expect(Math.min(...(await trained(nonNegative())).kernel.dataSync())).toBe(0);
});
test.each<() => unknown>([() => nonNegative({ where: 1 as never })])('bad options %#', f =>
  expect(f).toThrow(OptionError),
);
