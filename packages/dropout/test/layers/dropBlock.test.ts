import { OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { dropBlock2D, dropBlockGamma, dropout } from '../../src/index.ts';
import { momentsOf, train } from '../support/layers.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('γ: keepProb .9, block 7, map 28 × 28 gives .003305785; block 1 gives the rate', () => {
  expect(dropBlockGamma(0.9, 7, 28, 28)).toBeCloseTo(0.1 / 49 / ((22 * 22) / (28 * 28)), 12);
  expect(dropBlockGamma(0.9, 7, 28, 28)).toBeCloseTo(0.003305785, 9);
  expect(dropBlockGamma(0.7, 1, 5, 9)).toBeCloseTo(0.3, 12);
});

/** [sample][channel][row][column] of what is not 0. */
function keptOf(y: tf.Tensor, dataFormat: 'channelsLast' | 'channelsFirst'): boolean[][][][] {
  const maps = dataFormat === 'channelsLast' ? tf.transpose(y, [0, 3, 1, 2]) : y;
  return (maps.arraySync() as number[][][][]).map(s => s.map(c => c.map(row => row.map(v => v !== 0))));
}

test('what is dropped is a union of whole blocks; what is kept is multiplied by count / kept of its sample', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 7 }),
      fc.nat(),
      fc.double({ min: 0.1, max: 0.95, noNaN: true }),
      fc.constantFrom('channelsLast' as const, 'channelsFirst' as const),
      fc.nat(1e6),
      (b, c, h, w, size, keepProb, dataFormat, seed) => {
        tf.tidy(() => {
          const blockSize = 1 + (size % Math.min(h, w));
          const x = tf.ones(dataFormat === 'channelsLast' ? [b, h, w, c] : [b, c, h, w]);
          const y = train(dropBlock2D({ keepProb, blockSize, dataFormat, seed }), x);
          for (const [s, sample] of keptOf(y, dataFormat).entries()) {
            for (const map of sample) {
              const covered = map.map(row => row.map(() => false));
              for (let top = 0; top + blockSize <= h; top++) {
                for (let left = 0; left + blockSize <= w; left++) {
                  const block = map.slice(top, top + blockSize).flatMap(row => row.slice(left, left + blockSize));
                  if (block.some(kept => kept)) continue;
                  for (let i = 0; i < blockSize ** 2; i++)
                    covered[top + Math.floor(i / blockSize)]![left + (i % blockSize)] = true;
                }
              }
              expect(map.flat()).toEqual(covered.flat().map(dropped => !dropped));
            }
            const flat = sample.flat(3);
            const kept = flat.filter(k => k).length;
            const values = new Set(tf.slice(y, [s, 0, 0, 0], [1, -1, -1, -1]).dataSync());
            for (const value of values) if (value) expect(value).toBe(Math.fround(flat.length / kept));
          }
        });
      },
    ),
    { numRuns: 200 },
  );
});

test('block 1 drops what dropout drops with the same key; its scale is count / kept instead of 1 / keepProb', () => {
  const x = tf.ones([3, 5, 4, 2]);
  const block = train(dropBlock2D({ keepProb: 0.6, blockSize: 1, seed: 7 }), x).dataSync();
  const plain = train(dropout({ keepProb: 0.6, seed: 7 }), x).dataSync();
  expect([...block].map(v => v !== 0)).toEqual([...plain].map(v => v !== 0));
});

test('the mean of every sample stays', () => {
  const y = train(dropBlock2D({ keepProb: 0.8, blockSize: 3, seed: 1 }), tf.ones([4, 9, 9, 8]));
  for (const mean of tf.mean(y, [1, 2, 3]).dataSync()) expect(mean).toBeCloseTo(1, 6);
});

test('a pixel that n blocks can cover is kept with probability (1 − γ)ⁿ, within 4σ', () => {
  const [maps, side, blockSize, keepProb] = [4000, 6, 3, 0.8];
  const gamma = Math.round(dropBlockGamma(keepProb, blockSize, side, side) * 65536) / 65536; // 16 bits
  const cover = [1, 2, 3, 3, 2, 1]; // places of a block of 3 that cover pixel i of 6
  tf.tidy(() => {
    const y = train(dropBlock2D({ keepProb, blockSize, seed: 1 }), tf.ones([1, side, side, maps]));
    const share = tf.mean(tf.cast(tf.notEqual(y, 0), 'float32'), [0, 3]).dataSync();
    for (const [i, value] of share.entries()) {
      const p = (1 - gamma) ** (cover[Math.floor(i / side)]! * cover[i % side]!);
      expect(Math.abs(value - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / maps));
    }
  });
});

test('about keepProb stays in the mean over a map', () => {
  tf.tidy(() => {
    const y = train(dropBlock2D({ keepProb: 0.9, blockSize: 7, seed: 1 }), tf.ones([1, 28, 28, 500]));
    const kept = momentsOf(tf.mean(tf.cast(tf.notEqual(y, 0), 'float32'), [0, 1, 2]).dataSync<'float32'>());
    // blocks that overlap drop less than the paper's γ allows for: the mean of (1 − γ)ⁿ over the map is .9059
    const cover = Array.from({ length: 28 }, (_, i) => Math.min(i + 1, 7, 28 - i));
    const gamma = Math.round(0.003305785 * 65536) / 65536;
    const exact = cover.flatMap(a => cover.map(b => (1 - gamma) ** (a * b))).reduce((s, p) => s + p, 0) / 28 ** 2;
    expect(exact).toBeCloseTo(0.9059, 4);
    expect(Math.abs(kept.mean - exact)).toBeLessThan(4 * Math.sqrt(kept.variance / 500));
  });
});

test('a dropped NaN is 0, and so is a sample of which nothing is kept', () => {
  const layer = dropBlock2D({ keepProb: 0.5, blockSize: 2, seed: 1 });
  const kept = train(layer, tf.ones([2, 4, 4, 2])).dataSync();
  layer.reset();
  const nan = train(layer, tf.fill([2, 4, 4, 2], Number.NaN)).dataSync();
  expect([...nan].map(Number.isNaN)).toEqual([...kept].map(v => v !== 0));
  const whole = train(dropBlock2D({ keepProb: 0.01, blockSize: 3, seed: 1 }), tf.ones([20, 3, 3, 1])).dataSync();
  expect([...whole].every(v => v === 0 || v === 1)).toBe(true);
  expect(whole.includes(0)).toBe(true);
});

test('every backend gives the same numbers, gradients too', async () => {
  const run = async (backend: string): Promise<number[][]> => {
    await tf.setBackend(backend);
    const x = tf.randomNormal([2, 6, 5, 3], 0, 1, 'float32', 1);
    const layer = () => dropBlock2D({ keepProb: 0.7, blockSize: 2, seed: 1 });
    const gradient = tf.grad(t => tf.sum(tf.square(train(layer(), t))))(x);
    const values = [train(layer(), x), gradient].map(t => [...t.dataSync()]);
    tf.dispose([x, gradient]);
    return values;
  };
  const wasm = await run('wasm');
  expect(await run('cpu')).toEqual(wasm);
});

test('a map smaller than a block, and another rank, are refused when the layer is built', () => {
  const build = (shape: (number | null)[], options = {}) =>
    dropBlock2D({ keepProb: 0.9, ...options }).apply(tf.input({ shape }));
  expect(() => build([6, 9, 2])).toThrow(OptionError);
  expect(() => build([6, 9, 2])).toThrow(/integer ≤ 6/);
  expect(() => build([7, 9, 2], { dataFormat: 'channelsFirst' })).toThrow(/integer ≤ 2/);
  expect(() => build([9, 2])).toThrow(/rank 4/);
  build([null, null, 2]);
  expect(() => train(dropBlock2D({ keepProb: 0.9 }), tf.ones([1, 3, 3, 1]))).toThrow(OptionError);
});
