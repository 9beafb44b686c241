import { normals } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { gaussianNoise } from '../../src/index.ts';
import { momentsOf, train } from '../support/layers.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('element e gets stddev times normal e of its key', () => {
  const z = normals({ seed: 1, step: 0, site: 0, draw: 0 }, 12);
  const y = train(gaussianNoise({ stddev: 0.5, seed: 1 }), tf.zeros([3, 4])).dataSync();
  expect([...y]).toEqual([...z].map(v => Math.fround(0.5 * v)));
});

test.each([0.1, 0.3, 0.5, 0.8])('stddev %d: mean and variance within 4σ at 10⁶', stddev => {
  const n = 1e6;
  const y = train(gaussianNoise({ stddev, seed: 3 }), tf.zeros([n])).dataSync<'float32'>();
  const { mean, variance } = momentsOf(y);
  expect(Math.abs(mean)).toBeLessThan((4 * stddev) / Math.sqrt(n));
  expect(Math.abs(variance - stddev ** 2)).toBeLessThan(4 * stddev ** 2 * Math.sqrt(2 / n));
});

test('nothing of it stays on the tape: x alone, and the gradient is that of the output', () => {
  const x = tf.ones([1000]);
  const layer = gaussianNoise({ stddev: 0.5, seed: 1 });
  layer.apply(x);
  let kept = 0;
  const gradient = tf.grad(t => {
    const before = tf.memory().numBytes;
    const y = train(layer, t);
    kept = (tf.memory().numBytes - before) / 1000;
    return tf.sum(y);
  })(x);
  expect(kept).toBe(4); // the output
  expect([...gradient.dataSync()]).toEqual(Array(1000).fill(1));
});

test('on the input of a linear model it is L2: E‖y − (X + ε)w‖² = ‖y − Xw‖² + n stddev² ‖w‖²', () => {
  // x = 0, y = 0: the mean of (ε·w)² over n draws is stddev² ‖w‖² with standard error √2 of it / √n
  const [n, stddev, w] = [200_000, 0.5, [0.3, -0.2]];
  const value = tf.tidy(() => {
    const noisy = train(gaussianNoise({ stddev, seed: 5 }), tf.zeros([n, 2])) as tf.Tensor2D;
    return tf.mean(tf.square(tf.matMul(noisy, tf.tensor2d(w, [2, 1])))).dataSync()[0] as number;
  });
  const exact = stddev ** 2 * (0.3 ** 2 + 0.2 ** 2);
  expect(Math.abs(value - exact)).toBeLessThan(4 * exact * Math.sqrt(2 / n));
});
