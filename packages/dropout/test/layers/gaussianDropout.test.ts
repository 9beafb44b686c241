import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { gaussianDropout } from '../../src/index.ts';
import { momentsOf, train } from '../support/layers.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test.each([0.1, 0.3, 0.5, 0.8])('rate %d: mean 1 and variance rate / (1 − rate) within 4σ at 10⁶', rate => {
  const n = 1e6;
  const y = train(gaussianDropout({ rate, seed: 2 }), tf.ones([n])).dataSync<'float32'>();
  const { mean, variance } = momentsOf(y);
  const expected = rate / (1 - rate);
  expect(Math.abs(mean - 1)).toBeLessThan(4 * Math.sqrt(expected / n));
  expect(Math.abs(variance - expected)).toBeLessThan(4 * expected * Math.sqrt(2 / n));
});

test('gradients and second derivatives draw the same noise again, and only the output stays on the tape', () => {
  const [n, layer] = [1000, () => gaussianDropout({ keepProb: 0.5, seed: 1 })];
  const x = tf.linspace(-1, 1, n);
  const m = train(layer(), tf.ones([n]));
  const cube = (t: tf.Tensor): tf.Scalar => tf.sum(tf.pow(train(layer(), t), 3));
  const near = (a: tf.Tensor, b: tf.Tensor) => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0];
  expect(near(tf.grad(cube)(x), tf.mul(3, tf.mul(tf.pow(m, 3), tf.square(x))))).toBeLessThan(1e-3);
  const second = tf.grad(t => tf.sum(tf.grad(cube)(t)))(x);
  expect(near(second, tf.mul(6, tf.mul(tf.pow(m, 3), x)))).toBeLessThan(1e-3);
  let kept = 0;
  tf.grad(t => {
    const built = layer();
    built.apply(t);
    const before = tf.memory().numBytes;
    const y = train(built, t);
    kept = (tf.memory().numBytes - before) / n;
    return tf.sum(y);
  })(x);
  expect(kept).toBe(4);
});
