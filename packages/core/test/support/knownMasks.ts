/** Masks that Node draws, as a hash of the bits of what they leave: every engine and every backend must draw these. */

import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { counterDropout, type Draw } from '../../src/random.ts';

type Known = readonly [shape: number[], noiseShape: number[], keepProb: number, hash: number];

/** From small to more than 300,000 elements; noise of the whole shape, of rows and of columns. */
export const knownMasks: readonly Known[] = [
  [[3, 5], [3, 5], 0.5, 2771614215],
  [[16, 100], [16, 1], 0.8, 4260914278],
  [[400_001], [400_001], 0.7, 413876574],
  [[301, 1201], [301, 1201], 0.9, 612830395],
  [[8, 200, 201], [8, 1, 201], 0.3, 3073361500],
];

/** FNV-1a of 32-bit words. */
const hashOf = (numbers: Float32Array): number =>
  new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length).reduce(
    (hash, word) => Math.imul(hash ^ word, 0x01000193) >>> 0,
    0x811c9dc5,
  );

/** On the backend in use. */
export async function expectKnownMask([shape, noiseShape, keepProb, hash]: Known): Promise<void> {
  const draw: Draw = { keepProb, noiseShape, key: { seed: 2 ** 33 + 5, step: 3, site: 1, draw: 0 }, rows: [2, 1e6] };
  const size = shape.reduce((a, b) => a * b, 1);
  const x = tf.tensor(
    Float32Array.from({ length: size }, (_, i) => i + 1),
    shape,
  );
  const { value, grad } = tf.valueAndGrad(input => counterDropout(input, draw))(x, x);
  const hashes = [value, grad].map(async t => hashOf((await t.data()) as Float32Array));
  expect(await Promise.all(hashes)).toEqual([hash, hash]);
  tf.dispose([x, value, grad]);
}
