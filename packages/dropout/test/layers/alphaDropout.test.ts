import { keepBits } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { alphaAffine, alphaDropout } from '../../src/index.ts';
import { momentsOf, train } from '../support/layers.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

// PyTorch, float64
test.each([
  [0.1, 0.9212845161497115, 0.16197097005757022],
  [0.3, 0.8609526162463561, 0.4540920681370629],
  [0.5, 0.886404894665932, 0.7791939305180317],
  [0.8, 1.1999121561207353, 1.6876518166004955],
])('rate %d: a and b of PyTorch; of N(0, 1) mean 0 and variance 1 stay, within 4σ at 10⁶', (rate, a, b) => {
  expect(alphaAffine(1 - rate).a).toBeCloseTo(a, 12);
  expect(alphaAffine(1 - rate).b).toBeCloseTo(b, 12);
  const n = 1e6;
  tf.tidy(() => {
    const y = train(alphaDropout({ rate, seed: 1 }), tf.randomNormal([n], 0, 1, 'float32', 1));
    const { mean, variance, fourth } = momentsOf(y.dataSync<'float32'>());
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt((fourth - variance ** 2) / n));
  });
});

test('stock: of N(0, 1) at rate .3 the mean becomes .9, a sign error', () => {
  const y = train(tf.layers.alphaDropout({ rate: 0.3 }), tf.randomNormal([1e5], 0, 1, 'float32', 1));
  expect(momentsOf(y.dataSync<'float32'>()).mean).toBeGreaterThan(0.85);
});

test('noiseShape shares a draw: what is dropped is a α′ + b along the whole axis', () => {
  const { a, b } = alphaAffine(0.5);
  const y = train(alphaDropout({ keepProb: 0.5, seed: 1, noiseShape: [null, 1] }), tf.zeros([32, 3]));
  const bits = keepBits([32, 1], 0.5, { seed: 1, step: 0, site: 0, draw: 0 }, [0, 32]);
  const expected = [...bits].flatMap(bit => Array(3).fill(bit ? b : a * -1.7580993408473766 + b));
  // some units in the last place of a α′, which is subtracted and added again
  for (const [i, value] of y.dataSync().entries()) expect(Math.abs(value - expected[i])).toBeLessThan(4 * 2 ** -24);
});
