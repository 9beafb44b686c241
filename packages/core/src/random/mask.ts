/**
 * The mask: a pure function of (key, element index in the global batch), so that nothing needs to be stored.
 *
 *     e    = e0 + flat index in the noise tensor;   e0 = rows.first × prod(noiseShape[1:])
 *     ctr  = (e >>> 3, step, site, draw)            key = (seedLow, seedHigh)
 *     u    = 16 bits, lane e & 7 of the four words
 *     T    = round(rate × 65536);  keep iff u ≥ T;  scale = fround(65536 / (65536 − T))
 *
 * Format number 1: Philox4x32-7, 16 bits per element. keepProb therefore has a resolution of 2⁻¹⁶. A mask that all rows share is
 * drawn as that of row 0 in every shard, with rows.first = 0.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { RandomKey } from '../contract.ts';
import { OptionError } from '../options/errors.ts';
import { expectedKeepProb, isKeepProb } from '../options/keepProb.ts';
import { philox } from './philox.ts';

/**
 * The version of the mask format. A saved run records it, so that it never resumes with different masks.
 * @example
 * MASK_FORMAT; // 1
 */
export const MASK_FORMAT = 1;

/** The rows of the step's whole batch that a tensor holds: [first, total]. */
export type Rows = readonly [first: number, total: number];

/**
 * T: a 16-bit number below this one drops its element. 0 drops nothing.
 * @example
 * threshold(0.75); // 16384
 */
export const threshold = (keepProb: number): number => Math.round((1 - keepProb) * 65536);

/**
 * The factor for kept elements, in float32: 65536 / (65536 − T), which is 1/keepProb with a resolution of 2⁻¹⁶.
 * @example
 * keepScale(0.5); // 2
 * keepScale(0.8); // 1.25
 */
export const keepScale = (keepProb: number): number => Math.fround(65536 / (65536 - threshold(keepProb)));

/**
 * e0: the index, in the global batch, of the first element of the noise: rows[0] times the number of elements per row.
 * @example
 * firstElement([4, 3], [8, 32]); // 24
 */
export const firstElement = (noiseShape: readonly number[], rows: Rows): number =>
  rows[0] * noiseShape.slice(1).reduce((a, b) => a * b, 1);

/**
 * The mask as bytes in row-major order: 1 where an element is kept, 0 where it is dropped.
 * @example
 * keepBits([1, 8], 0.5, { seed: 1, step: 0, site: 0, draw: 0 }, [0, 1]); // [1, 1, 1, 0, 1, 0, 0, 0]
 */
export function keepBits(noiseShape: readonly number[], keepProb: number, key: RandomKey, rows: Rows): Uint8Array {
  if (!isKeepProb(keepProb)) throw OptionError.of('mask', 'keepProb', expectedKeepProb, keepProb);
  const size = noiseShape.reduce((a, b) => a * b, 1);
  const bits = new Uint8Array(size);
  const drop = threshold(keepProb);
  if (drop === 0) return bits.fill(1);
  const first = firstElement(noiseShape, rows);
  const seedHigh = Math.floor(key.seed / 2 ** 32);
  const words = new Int32Array(4);
  const end = first + size;
  // 1 iff u ≥ drop, from the sign of drop − 1 − u: a branch on random bits would cost more than the generator
  const last = drop - 1;
  for (let start = first - (first % 8); start < end; start += 8) {
    philox(words, start / 8, key.step, key.site, key.draw, key.seed, seedHigh);
    if (start >= first && start + 8 <= end) {
      let at = start - first;
      for (let w = 0; w < 4; w++) {
        const word = words[w] ?? 0;
        bits[at++] = (last - (word & 0xffff)) >>> 31;
        bits[at++] = (last - (word >>> 16)) >>> 31;
      }
    } else {
      for (let e = Math.max(first, start); e < Math.min(end, start + 8); e++) {
        const word = words[(e & 7) >> 1] ?? 0;
        bits[e - first] = (last - (e & 1 ? word >>> 16 : word & 0xffff)) >>> 31;
      }
    }
  }
  return bits;
}

/**
 * The inverted-dropout mask: 0 with probability 1 − keepProb, else 1 / keepProb.
 * @param shape of the result; dimensions of 1 broadcast
 * @param rows this tensor's first row in the step's whole batch, and the number of rows in that batch
 * @example
 * mask([1, 4], 0.5, { seed: 1, step: 0, site: 0, draw: 0 }); // [[2, 2, 2, 0]]
 * @throws OptionError for a keepProb outside (2⁻¹⁷, 1]
 */
export function mask(
  shape: readonly number[],
  keepProb: number,
  key: RandomKey,
  rows: Rows = [0, shape[0] ?? 1],
): tf.Tensor {
  const scale = keepScale(keepProb);
  const values = Float32Array.from(keepBits(shape, keepProb, key, rows), bit => bit * scale);
  return tf.tensor(values, [...shape], 'float32');
}
