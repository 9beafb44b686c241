import { OptionError } from '@keepprob/core';
import { keepScale } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { spatialDropout1D, spatialDropout2D, spatialDropout3D } from '../../src/index.ts';
import { train } from '../support/layers.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

for (const [name, create, inputShape] of [
  ['spatialDropout1D', spatialDropout1D, [3, 2]],
  ['spatialDropout2D', spatialDropout2D, [2, 3, 2]],
  ['spatialDropout3D', spatialDropout3D, [2, 2, 3, 2]],
] as const) {
  test(`${name} refuses another rank when it is built`, () => {
    const shape = inputShape.slice(1);
    expect(() => create({ rate: 0.5 }).apply(tf.input({ shape }))).toThrow(OptionError);
    expect(() => create({ rate: 0.5 }).apply(tf.input({ shape }))).toThrow(/inputShape/);
  });
}

test.each(['channelsLast', 'channelsFirst'] as const)('drops whole channels, %s', dataFormat => {
  const y = train(spatialDropout2D({ keepProb: 0.5, seed: 1, dataFormat }), tf.ones([4, 6, 6, 6]));
  const axes = dataFormat === 'channelsLast' ? [1, 2] : [2, 3];
  expect([...tf.max(y, axes).dataSync()]).toEqual([...tf.min(y, axes).dataSync()]);
  expect(new Set(y.dataSync())).toEqual(new Set([0, keepScale(0.5)]));
});
