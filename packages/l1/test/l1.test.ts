import { OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { absoluteSum, l1 } from '../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('Σ|w| and its gradient, 0 at 0', () => {
  const { value, grad } = tf.valueAndGrad(w => absoluteSum(w))(tf.tensor1d([-3, 0, 2]));
  expect(value.dataSync()[0]).toBe(5);
  expect([...grad.dataSync()].map(g => g + 0)).toEqual([-1, 0, 1]);
});

test.each<[() => unknown, RegExp]>([
  [() => l1(-1), /≥ 0.*Received: -1/],
  [() => l1({} as never), /`strength` is missing/],
])('bad options %#', (f, message) => {
  expect(f).toThrow(OptionError);
  expect(f).toThrow(message);
});
