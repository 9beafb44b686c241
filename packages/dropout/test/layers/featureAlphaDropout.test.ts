import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { alphaAffine, featureAlphaDropout } from '../../src/index.ts';
import { momentsOf, train } from '../support/layers.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test.each([
  ['channelsLast', [64, 3, 2, 5], [1, 2]],
  ['channelsFirst', [64, 5, 3, 2], [2, 3]],
] as const)(
  'one draw for each sample and channel, %s: a channel is b + a x or all a α′ + b',
  (dataFormat, shape, axes) => {
    const { a, b } = alphaAffine(0.5);
    const y = train(featureAlphaDropout({ keepProb: 0.5, seed: 1, dataFormat }), tf.ones([...shape]));
    const channels = [...tf.max(y, [...axes]).dataSync()];
    expect([...tf.min(y, [...axes]).dataSync()]).toEqual(channels);
    const [kept, dropped] = [a + b, a * -1.7580993408473766 + b];
    for (const value of channels)
      expect(Math.min(Math.abs(value - kept), Math.abs(value - dropped))).toBeLessThan(1e-6);
    // 320 fair coins
    const share = channels.filter(value => Math.abs(value - kept) < 1e-6).length / channels.length;
    expect(Math.abs(share - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / channels.length));
  },
);

test.each([0.1, 0.3, 0.5, 0.8])('rate %d: of N(0, 1) mean 0 and variance 1 stay', rate => {
  const [channels, pixels] = [10_000, 10];
  tf.tidy(() => {
    const x = tf.randomNormal([1, pixels, channels], 0, 1, 'float32', 1) as tf.Tensor3D;
    const y = train(featureAlphaDropout({ rate, seed: 1 }), x);
    // pixels of one channel share a draw, so that the channels' means are the independent numbers
    const mean = momentsOf(tf.mean(y, 1).dataSync<'float32'>());
    const square = momentsOf(tf.mean(tf.square(y), 1).dataSync<'float32'>());
    expect(Math.abs(mean.mean)).toBeLessThan(4 * Math.sqrt(mean.variance / channels));
    expect(Math.abs(square.mean - 1)).toBeLessThan(4 * Math.sqrt(square.variance / channels));
  });
});

test('a rank without channels is refused when the layer is built', () => {
  expect(() => featureAlphaDropout({ rate: 0.5 }).apply(tf.input({ shape: [4] }))).toThrow(/rank 3 or 4 or 5/);
});
