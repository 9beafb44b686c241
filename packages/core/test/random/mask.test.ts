import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RandomKey } from '../../src/index.ts';
import { counterDropout, keepBits, keepScale, mask, philox4x32 } from '../../src/random.ts';
import { expectKnownMask, knownMasks } from '../support/knownMasks.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const key = (over: Partial<RandomKey> = {}): RandomKey => ({ seed: 7, step: 0, site: 0, draw: 0, ...over });
const bits = (n: number, keepProb: number, k: RandomKey): number[] => [...keepBits([n], keepProb, k, [0, n])];

describe('format 1', () => {
  test('an element is kept iff its 16 bits of Philox4x32-7 reach round(rate × 65536)', () => {
    const seed = 2 ** 32 * 3 + 5;
    const got = keepBits([40], 0.7, key({ seed, step: 11, site: 2, draw: 1 }), [0, 40]);
    const expected = Array.from({ length: 40 }, (_, e) => {
      const word = philox4x32([e >>> 3, 11, 2, 1], [5, 3])[(e & 7) >> 1]!;
      return (e & 1 ? word >>> 16 : word & 0xffff) >= 19661 ? 1 : 0; // round(.3 × 65536) = 19661
    });
    expect([...got]).toEqual(expected);
  });

  test('the scale is 65536 / (65536 − T) in float32', () => {
    expect(keepScale(0.5)).toBe(2);
    expect(keepScale(0.7)).toBe(Math.fround(65536 / (65536 - 19661)));
  });
});

describe.each(['cpu', 'wasm'])('what is drawn here on %s is drawn in every browser (test/browser)', backend => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });
  afterAll(async () => {
    await tf.setBackend('cpu');
  });
  test.each(knownMasks)('shape %o, noise %o, keepProb %d', (...known) => expectKnownMask(known));
});

describe('laws of the mask', () => {
  test('values are 0 or 1/keepProb; shards of a batch draw the rows of the whole batch’s mask', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 3 }),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 2 ** 40 }),
        fc.nat(),
        (rows, rest, keepProb, seed, cut) => {
          const whole = mask([rows, ...rest], keepProb, key({ seed }), [0, rows]);
          const values = [...whole.dataSync()];
          expect(values.every(v => v === 0 || v === keepScale(keepProb))).toBe(true);
          const first = cut % rows;
          const shard = mask([rows - first, ...rest], keepProb, key({ seed }), [first, rows]);
          expect([...shard.dataSync()]).toEqual(values.slice((first * values.length) / rows));
          tf.dispose([whole, shard]);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('the share kept is keepProb within 4σ', () => {
    const n = 1 << 18;
    for (const keepProb of [0.1, 0.3, 0.5, 0.8, 0.95]) {
      const kept = bits(n, keepProb, key({ step: 3 })).reduce((a, b) => a + b, 0) / n;
      expect(Math.abs(kept - keepProb)).toBeLessThan(4 * Math.sqrt((keepProb * (1 - keepProb)) / n));
    }
  });

  // Under independence the correlation of two ±1 sequences of length n has standard error 1/√n
  const n = 1 << 16;
  const correlation = (a: number[], b: number[]): number =>
    a.reduce((sum, v, i) => sum + (2 * v - 1) * (2 * b[i]! - 1), 0) / n;
  test.each([
    ['steps', key({ step: 1 })],
    ['sites', key({ site: 1 })],
    ['draws', key({ draw: 1 })],
    ['seeds', key({ seed: 8 })],
    ['the high halves of seeds', key({ seed: 7 + 2 ** 32 })],
  ])('no correlation between %s', (_, other) => {
    expect(Math.abs(correlation(bits(n, 0.5, key()), bits(n, 0.5, other)))).toBeLessThan(4 / Math.sqrt(n));
  });
  test.each([1, 2, 3, 7, 8, 9, 64])('no correlation with the neighbour %i further', lag => {
    const all = bits(n + lag, 0.5, key());
    expect(Math.abs(correlation(all.slice(0, n), all.slice(lag)))).toBeLessThan(4 / Math.sqrt(n));
  });

  test('keepProb out of (0, 1] is refused', () => {
    for (const keepProb of [0, -1, 1.1, Number.NaN]) expect(() => mask([3], keepProb, key())).toThrow(/keepProb/);
  });
});

describe.each(['cpu', 'wasm'])('on %s', backend => {
  test('the masks are those of the generator, bit for bit, for odd and broadcast shapes', async () => {
    await tf.setBackend(backend);
    for (const [shape, noiseShape] of [
      [[7], [7]],
      [
        [3, 5, 2],
        [3, 1, 2],
      ],
      [
        [4, 3],
        [1, 3],
      ],
      [
        [2, 3, 4, 5],
        [2, 1, 1, 5],
      ],
      [[], []],
      [
        [0, 3],
        [0, 3],
      ],
    ] as const) {
      const x = tf.ones([...shape]);
      const y = counterDropout(x, { keepProb: 0.6, noiseShape, key: key(), rows: [0, shape[0] ?? 1] });
      const noise = keepBits(noiseShape, 0.6, key(), [0, shape[0] ?? 1]);
      const expected = tf.tidy(() =>
        tf.mul(tf.broadcastTo(tf.tensor(Float32Array.from(noise), [...noiseShape]), [...shape]), keepScale(0.6)),
      );
      expect([...y.dataSync()]).toEqual([...expected.dataSync()]);
      tf.dispose([x, y, expected]);
    }
  });

  test('gradient and second derivative use the same mask; a dropped NaN is 0', async () => {
    await tf.setBackend(backend);
    const draw = { keepProb: 0.5, noiseShape: [64], key: key(), rows: [0, 64] as const };
    const m = mask([64], 0.5, key());
    const x = tf.linspace(-1, 1, 64);
    const cube = (t: tf.Tensor): tf.Scalar => tf.sum(tf.pow(counterDropout(t, draw), 3));
    const first = tf.grad(cube)(x); // 3 m³ x²
    const second = tf.grad(t => tf.sum(tf.grad(cube)(t)))(x); // 6 m³ x
    const expect1 = tf.mul(3, tf.mul(tf.pow(m, 3), tf.square(x)));
    const expect2 = tf.mul(6, tf.mul(tf.pow(m, 3), x));
    expect(tf.max(tf.abs(tf.sub(first, expect1))).dataSync()[0]).toBeLessThan(1e-4);
    expect(tf.max(tf.abs(tf.sub(second, expect2))).dataSync()[0]).toBeLessThan(1e-4);
    const nan = counterDropout(tf.fill([64], Number.NaN), draw).dataSync();
    const kept = keepBits([64], 0.5, key(), [0, 64]);
    expect([...nan].every((v, i) => (kept[i] ? Number.isNaN(v) : v === 0))).toBe(true);
  });

  test('only the output stays on the tape: 4 bytes per activation, where stock keeps more', async () => {
    await tf.setBackend(backend);
    const n = 10_000;
    const bytes = (op: (x: tf.Tensor) => tf.Tensor): number => {
      const x = tf.variable(tf.ones([n]));
      let kept = 0;
      const { value, grads } = tf.variableGrads(() => {
        const before = tf.memory().numBytes;
        const y = tf.tidy(() => op(x));
        kept = (tf.memory().numBytes - before) / n;
        return tf.sum(y) as tf.Scalar;
      }, [x]);
      tf.dispose([x, value, ...Object.values(grads)]);
      return kept;
    };
    expect(bytes(x => counterDropout(x, { keepProb: 0.5, noiseShape: [n], key: key(), rows: [0, n] }))).toBe(4);
    expect(bytes(x => tf.dropout(x, 0.5))).toBeGreaterThanOrEqual(8);
  });
});
