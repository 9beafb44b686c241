/** What the layers of this package say about their noise, beyond the laws of the conformance kit. */
import { hasKeepProb, keepProbAt, noiseOf, sizesOf, unlikeDropout } from '@keepprob/core/layers';
import { keepBits } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { alphaDropout, concreteDropout, register } from '../../src/index.ts';
import { everyClass } from '../support/everyClass.ts';
import { train } from '../support/layers.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  register();
});

/** 1 where the mask of row `row` keeps an element of x; a mask of 1 along an axis stands for all of it. */
const kept = (x: tf.Tensor, bits: Uint8Array, sizes: number[]): number[] =>
  Array.from(tf.broadcastTo(tf.tensor(bits, sizes, 'int32'), x.shape).dataSync());

/** What is dropped of ones is 0, or SELU's lower limit. */
const seen = (y: tf.Tensor): number[] => Array.from(y.dataSync(), v => Number(v > 0));

/** Three steps of a layer outside any run, of ones, against the masks that it promises. */
function expectPromisedMasks(layer: tf.layers.Layer, shape: readonly number[]): void {
  const x = tf.ones([4, ...shape]);
  for (let step = 0; step < 3; step++) {
    const y = train(layer, x);
    for (const noise of noiseOf(layer)) {
      const noiseShape = noise.noiseShape?.(x.shape) ?? null;
      const sizes = sizesOf(noiseShape, x.shape);
      const key = { seed: noise.seed ?? 0, step, site: 0, draw: 0 };
      const bits = keepBits(sizes, keepProbAt(noise, { step, epoch: 0 }), key, [0, 0]);
      expect(seen(y)).toEqual(kept(x, bits, sizes));
    }
  }
}

describe.each(Object.entries(everyClass))('%s', (_, [shape, make]) => {
  test('it says what is random about it, and its seed', () => {
    const noises = noiseOf(make());
    expect(noises.some(({ isOn }) => isOn)).toBe(true);
    expect(noises.every(({ seed }) => seed === 1)).toBe(true);
  });

  test('the mask that it promises is the one that it draws', () => {
    const layer = make();
    if (noiseOf(layer).every(({ noiseShape }) => noiseShape)) expectPromisedMasks(layer, shape);
    else expect(noiseOf(layer).map(unlikeDropout)).not.toContain(undefined);
  });
});

test('a mask that all rows share, too', () => {
  expectPromisedMasks(alphaDropout({ keepProb: 0.5, noiseShape: [1, null], seed: 2 }), [32]);
});

test('concrete dropout: as strong as it has learned to be, and plain dropout once its keepProb is fixed', () => {
  const layer = concreteDropout({ initialRate: 0.25, noiseShape: [null, 1], seed: 1 });
  layer.build([null, 6]);
  layer.setWeights([tf.tensor1d([Math.log(0.4 / 0.6)])]);
  const [learned] = noiseOf(layer);
  expect(learned && keepProbAt(learned, { step: 0, epoch: 0 })).toBeCloseTo(0.6, 6);
  expect(learned && unlikeDropout(learned)).toMatch(/soft.*learned/);
  layer.setOptions({ fixedKeepProb: 0.5 });
  const [fixed] = noiseOf(layer);
  expect(fixed && unlikeDropout(fixed)).toBeUndefined();
  expectPromisedMasks(layer, [6]);
});

test('only Gaussian noise has no keepProb', () => {
  const without = Object.entries(everyClass).filter(([, [, make]]) => !noiseOf(make()).every(hasKeepProb));
  expect(without.map(([name]) => name)).toEqual(['KeepprobGaussianNoise']);
});
