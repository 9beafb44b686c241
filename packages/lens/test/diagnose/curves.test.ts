import { DataError } from '@keepprob/core';
import { expect, test } from 'vitest';
import { curvesOf } from '../../src/diagnose/curves.ts';

const { NaN: none } = Number;
const history = {
  cleanLoss: [6, 5, 4, 3],
  valLoss: [none, 7, none, 5],
  valPenalty: [none, 0, none, 0],
  cleanAccuracy: [0.1, 0.2, 0.3, 0.4],
  valAccuracy: [none, 0.25, none, 0.5],
};

test('the curves have the epochs whose validation data were evaluated', () => {
  const stopped = 'valLoss did not improve on its 5 of epoch 4 for 2 epochs (epoch 8)';
  expect(curvesOf('test', history, stopped)).toEqual({
    train: [5, 3],
    validation: [7, 5],
    clean: true,
    errorRate: { train: [0.8, 0.6], validation: [0.75, 0.5] },
    restored: 2,
  });
});

test('a validation loss that is NaN where it was measured is refused', () => {
  expect(() => curvesOf('test', { ...history, valPenalty: [none, 0, 0, 0] })).toThrow(DataError);
  expect(() => curvesOf('test', { loss: [1, 1], valLoss: [1, none] })).toThrow(DataError);
});
