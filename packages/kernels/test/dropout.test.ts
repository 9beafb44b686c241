import type { RandomKey } from '@keepprob/core';
import { DROPOUT_KERNEL } from '@keepprob/core/kernels';
import { counterDropout, type Draw, keepBits, keepScale } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { onCpu, withEachBuild } from './support/builds.ts';
import { expectSame, floats, runs, SEED, sizeOf, take } from './support/numbers.ts';

interface Case {
  readonly shape: number[];
  readonly draw: Draw;
  readonly seed: number;
}

const uint32 = fc.oneof(
  fc.nat(9),
  fc.integer({ min: 0, max: 0xffffffff }),
  fc.constantFrom(0x7fffffff, 0x80000000, 0xffffffff),
);

const keys: fc.Arbitrary<RandomKey> = fc.record({
  seed: fc.oneof(fc.nat(), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })),
  ...{ step: uint32, site: uint32, draw: uint32 },
});

/** T in [1, 65535]: with its ends, and those of signed 16-bit numbers. */
const keepProbs = fc
  .oneof(fc.integer({ min: 1, max: 65535 }), fc.constantFrom(1, 2, 32767, 32768, 32769, 65534, 65535))
  .map(dropped => 1 - dropped / 65536);

/** Dimensions that end in all tails of blocks of 8 and 32. */
const dimension = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 7 }) },
  { weight: 1, arbitrary: fc.constantFrom(8, 9, 31, 32, 33, 65) },
);

function cases(broadcast: boolean, ranks = { minLength: 0, maxLength: 6 }): fc.Arbitrary<Case> {
  return fc
    .record({
      shape: fc.array(dimension, ranks).filter(shape => sizeOf(shape) < 20_000),
      ones: fc.integer({ min: 0, max: 63 }),
      keepProb: keepProbs,
      key: keys,
      firstRow: fc.oneof(fc.constant(0), fc.nat(100)),
      seed: fc.nat(),
    })
    .map(({ shape, ones, keepProb, key, firstRow, seed }) => {
      const noiseShape = shape.map((d, i) => (broadcast && ones & (1 << i) ? 1 : d));
      return { shape, seed, draw: { keepProb, noiseShape, key, rows: [firstRow, firstRow + (shape[0] ?? 1)] } };
    });
}

/** Numbers of all kinds. */
function valuesOf({ shape, seed }: Case): Float32Array {
  const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 3e38, 1e-45];
  return floats(sizeOf(shape), seed).map((v, i) => (i % 5 === 3 ? special[(i * 7 + seed) % special.length]! : v * 100));
}

/** keep ? x × scale : 0, one element after another. */
function expected(x: Float32Array, { shape, draw }: Case): Float32Array {
  const { noiseShape, keepProb, key, rows } = draw;
  const bits = keepBits(noiseShape, keepProb, key, rows);
  const scale = keepScale(keepProb);
  return x.map((v, i) => {
    let at = 0;
    for (let d = shape.length - 1, left = i, stride = 1; d >= 0; d--) {
      const place = left % shape[d]!;
      left = (left - place) / shape[d]!;
      if (noiseShape[d] !== 1) at += place * stride;
      stride *= noiseShape[d]!;
    }
    return bits[at] ? v * scale : 0;
  });
}

const dropped =
  (x: Float32Array, { shape, draw }: Case) =>
  (): Float32Array =>
    tf.tidy(() => counterDropout(tf.tensor(x, shape), draw).dataSync<'float32'>());

withEachBuild(() => {
  /** Runs `f` with the kernel looking on: it must be asked this often. */
  function withKernel<T>(times: number, f: () => T): T {
    const config = tf.getKernel(DROPOUT_KERNEL, 'wasm');
    const kernel = vi.spyOn(config, 'kernelFunc');
    try {
      return f();
    } finally {
      expect(kernel).toHaveBeenCalledTimes(times);
      kernel.mockRestore();
    }
  }

  const agrees = (given: Case): void => {
    const x = valuesOf(given);
    const y = withKernel(1, dropped(x, given));
    expectSame(y, expected(x, given));
    expectSame(y, onCpu(dropped(x, given)));
  };

  describe('the mask of the cpu backend, to the bit', () => {
    test('ranks 0 to 6, odd sizes, any key and keepProb; what is dropped is 0 whatever it was', () => {
      fc.assert(fc.property(cases(false), agrees), runs(300));
    });

    test('noise that broadcasts', () => {
      fc.assert(fc.property(cases(true), agrees), runs(300));
    });

    test.each([0b010101, 0b101010, 0b110011, 0b001100, 0b111111])(
      'noise whose dimensions alternate: those of 1 are %i',
      mask => {
        for (const shape of [
          [2, 3, 2, 3, 4, 5],
          [3, 2, 5, 2, 3, 9],
          [2, 2, 1, 3, 2, 33],
        ]) {
          const noiseShape = shape.map((d, i) => (mask & (1 << i) ? 1 : d));
          const key = { seed: 2 ** 40 + mask, step: 3, site: 1, draw: 2 };
          agrees({ shape, seed: mask, draw: { keepProb: 0.6, noiseShape, key, rows: [4, 6] } });
        }
      },
    );

    test('every number of elements up to 200, from every place in a block', () => {
      const key = { seed: 9, step: 1, site: 2, draw: 3 };
      for (let n = 2; n <= 200; n++) {
        agrees({ shape: [n], seed: n, draw: { keepProb: 0.5, noiseShape: [n], key, rows: [n % 41, n + 41] } });
      }
    });

    test('rows so far into the batch that elements pass 2³¹, up to 2³²', () => {
      fc.assert(
        fc.property(
          cases(false, { minLength: 2, maxLength: 3 }),
          fc.oneof(fc.constantFrom(0, 1, 2 ** 31 - 1), fc.integer({ min: 0, max: 2 ** 31 })),
          (given, past) => {
            const { noiseShape } = given.draw;
            fc.pre(noiseShape[0] !== 1);
            const row = sizeOf(noiseShape.slice(1));
            const last = Math.floor((2 ** 32 - sizeOf(noiseShape)) / row);
            // around 2³¹, past it, and the last rows that there are
            const first = Math.min(Math.max(0, Math.floor((2 ** 31 + past) / row) - 1), last);
            agrees({ ...given, draw: { ...given.draw, rows: [first, first + noiseShape[0]!] } });
          },
        ),
        runs(120),
      );
    });

    test('a keepProb so small that all is dropped', () => {
      for (const shape of [[7], [64, 3], [3, 4]]) {
        for (const keepProb of [2 ** -17, 1e-7]) {
          const noiseShape = shape.length === 1 ? shape : [shape[0]!, 1];
          const key = { seed: 1, step: 0, site: 0, draw: 0 };
          const draws = [shape, noiseShape].map(noise => ({
            keepProb,
            noiseShape: noise,
            key,
            rows: [0, shape[0]!] as const,
          }));
          for (const draw of draws) {
            const y = dropped(floats(sizeOf(shape), SEED), { shape, seed: 0, draw })();
            expectSame(y, new Float32Array(sizeOf(shape)));
          }
        }
      }
    });

    test('no elements, and nothing to drop: no kernel', () => {
      const key = { seed: 1, step: 0, site: 0, draw: 0 };
      const none = { shape: [0, 3], seed: 1, draw: { keepProb: 0.5, noiseShape: [0, 3], key, rows: [0, 1] as const } };
      expect(withKernel(0, dropped(new Float32Array(0), none)).length).toBe(0);
      const all = { shape: [5], seed: 1, draw: { keepProb: 1, noiseShape: [5], key, rows: [0, 5] as const } };
      const x = valuesOf(all);
      expectSame(withKernel(0, dropped(x, all)), x);
    });
  });

  describe('gradients', () => {
    const one = (draws: Case): tf.Tensor => tf.tensor(floats(sizeOf(draws.shape), draws.seed), draws.shape);

    test('dy goes through the same mask', () => {
      fc.assert(
        fc.property(cases(true), given => {
          const dy = valuesOf(given);
          const dx = withKernel(2, () =>
            take(tf.tidy(() => tf.grad(x => counterDropout(x, given.draw))(one(given), tf.tensor(dy, given.shape)))),
          );
          expectSame(dx, expected(dy, given));
        }),
        runs(150),
      );
    });

    test('second derivatives, as on cpu to the bit', () => {
      fc.assert(
        fc.property(cases(true), given => {
          const compute = (): Float32Array =>
            tf.tidy(() => {
              const v = tf.tensor(floats(sizeOf(given.shape), given.seed + 1), given.shape);
              // Σ v · dropout(x)³
              const f = (x: tf.Tensor): tf.Tensor => {
                const y = counterDropout(x, given.draw);
                return tf.sum(tf.mul(v, tf.mul(y, tf.mul(y, y))));
              };
              const df = tf.grad(f);
              return tf
                .grad(x => tf.sum(tf.mul(df(x), v)))(one(given))
                .dataSync<'float32'>();
            });
          // 1 forward, 1 back, and each of them once more
          const ours = withKernel(4, compute);
          const plus0 = (values: Float32Array): Float32Array => values.map(x => x + 0);
          expectSame(plus0(ours), plus0(onCpu(compute)));
          // 6 v² · y · scale², where y is kept
          const y = dropped(floats(sizeOf(given.shape), given.seed), given)();
          ours.forEach((value, i) => {
            if (y[i] === 0) expect(Math.abs(value)).toBe(0);
          });
        }),
        runs(80),
      );
    });
  });

  test('x is left as it was, and other types are no matter of the kernel', () => {
    const given: Case = {
      ...{ shape: [50], seed: 3 },
      draw: { keepProb: 0.5, noiseShape: [50], key: { seed: 1, step: 0, site: 0, draw: 0 }, rows: [0, 50] },
    };
    const values = valuesOf(given);
    const x = tf.tensor1d(values);
    counterDropout(x, given.draw).dispose();
    expectSame(take(x), values);
    const int = tf.tensor1d(new Int32Array(50).fill(3), 'int32');
    const y = withKernel(0, () => counterDropout(int, given.draw));
    expectSame(take(y), expected(new Float32Array(50).fill(3), given));
    int.dispose();
  });
});
