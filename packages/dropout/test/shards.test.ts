/** A batch split into shards or micro-batches, of one row even, draws for its rows what the whole batch would draw for them. */
import type { Moment } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import {
  alphaDropoutForward,
  dropBlockForward,
  dropoutForward,
  dropPathForward,
  gaussianDropoutForward,
  gaussianNoiseForward,
  spatialDropoutForward,
  wordDropoutForward,
} from '../src/index.ts';
import { moment } from './support/layers.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

type Forward = (x: tf.Tensor, at: Moment) => tf.Tensor;

test.each<[string, number[], Forward]>([
  ['dropout', [3, 2], (x, at) => dropoutForward(x, 0.5, null, at)],
  ['dropout, shared along an axis', [3, 2], (x, at) => dropoutForward(x, 0.5, [null, 1, null], at)],
  ['dropout, shared by all rows', [9], (x, at) => dropoutForward(x, 0.5, [1, null], at)],
  ['spatialDropout', [3, 4], (x, at) => spatialDropoutForward(x, 0.5, 'channelsLast', at)],
  ['alphaDropout', [5], (x, at) => alphaDropoutForward(x, 0.5, null, at)],
  ['featureAlphaDropout', [3, 4], (x, at) => alphaDropoutForward(x, 0.5, [null, 1, null], at)],
  ['gaussianNoise', [3, 3], (x, at) => gaussianNoiseForward(x, 0.5, at)],
  ['gaussianDropout', [3, 3], (x, at) => gaussianDropoutForward(x, 0.5, at)],
  ['dropPath', [2], (x, at) => dropPathForward(x, 0.5, at)],
  ['dropBlock', [4, 3, 2], (x, at) => dropBlockForward(x, 0.6, { blockSize: 2, dataFormat: 'channelsLast' }, at)],
  [
    'dropBlock, channels first',
    [2, 3, 4],
    (x, at) => dropBlockForward(x, 0.6, { blockSize: 2, dataFormat: 'channelsFirst' }, at),
  ],
  ['wordDropout', [5], (x, at) => wordDropoutForward(x, 0.5, { unknownId: 1, maskId: null }, at)],
])('%s', (_, rest, forward) => {
  const rows = 7;
  const x = tf.tidy(() => tf.add(tf.randomUniform([rows, ...rest], 0, 1, 'float32', 1), 2));
  const whole = [...forward(x, moment([0, rows])).dataSync()];
  const row = whole.length / rows;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: rows - 1 }), fc.integer({ min: 1, max: rows }), (first, length) => {
      const end = Math.min(first + length, rows);
      const shard = tf.tidy(() => forward(tf.slice(x, first, end - first), moment([first, rows])).dataSync());
      expect([...shard]).toEqual(whole.slice(first * row, end * row));
    }),
  );
});
