import { DataError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { labelSmoothing, smoothLabels } from '../../src/index.ts';
import { changed, values } from '../moments.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});
test('smoothing by hand: 1 · 0.9 + 0.1 / 4 = 0.925', () => {
  const y = values(smoothLabels(tf.tensor2d([[0, 1, 0, 0]]), 0.1));
  for (const [i, v] of [0.025, 0.925, 0.025, 0.025].entries()) expect(y[i]).toBeCloseTo(v, 6);
});
test('class numbers are a DataError', () => {
  const batch = { x: { in: tf.zeros([2, 3]) }, y: { out: tf.tensor1d([0, 1], 'int32') } };
  expect(() => changed(labelSmoothing(0.1), batch)).toThrow(DataError);
});
test('labels are smoothed where they are classes: the outputs that are named', () => {
  tf.tidy(() => {
    const batch = {
      x: { x: tf.ones([2, 1]) },
      y: {
        kind: tf.tensor2d([
          [1, 0],
          [0, 1],
        ]),
        amount: tf.tensor2d([[10], [-3]]),
      },
    };
    const smoothed = (options: Parameters<typeof labelSmoothing>[0]) => changed(labelSmoothing(options), batch);
    const { y, metricY } = smoothed({ smoothing: 0.1, outputs: ['kind'] });
    expect(values(y.kind)).toEqual([0.95, 0.05, 0.05, 0.95].map(v => Math.fround(v)));
    expect(y.amount).toBe(batch.y.amount);
    expect(metricY).toEqual(batch.y);
    expect(() => smoothed(0.1)).toThrow(/labels of "amount"/);
    expect(() => smoothed({ smoothing: 0.1, outputs: ['sort'] })).toThrow(/names among kind, amount/);
  });
});

test('binary labels, as in Keras: y (1 − ε) + ε / 2', () => {
  tf.tidy(() => {
    for (const y of [tf.tensor1d([0, 1]), tf.tensor2d([[0], [1]], undefined, 'int32')]) {
      const batch = { x: { x: tf.ones([2, 1]) }, y: { y } };
      expect(() => changed(labelSmoothing(0.2), batch)).toThrow(/labels: 'binary'/);
      const smoothed = changed(labelSmoothing({ smoothing: 0.2, labels: 'binary' }), batch).y.y!;
      expect(smoothed.shape).toEqual(y.shape);
      expect(values(smoothed)).toEqual([expect.closeTo(0.1, 6), expect.closeTo(0.9, 6)]);
    }
  });
});
