import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byOurs, onCpu, withEachBuild } from './support/builds.ts';
import { expectSame, expectWithin, floats, runs, sizeOf, take } from './support/numbers.ts';
import { type Matrices, matMulExact, plusBias } from './support/products.ts';

/** Sizes m, n, k: mostly small, with odd tails of tiles of 5 or 6 × 8 and of vectors of 4, 16 and 32. */
const small = fc.tuple(
  fc.integer({ min: 1, max: 20 }),
  fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 20 }) },
    { weight: 1, arbitrary: fc.constantFrom(31, 33, 40) },
  ),
  fc.oneof(
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 8 }) },
    { weight: 1, arbitrary: fc.integer({ min: 9, max: 40 }) },
  ),
);

const upTo = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });

/** Sizes around those of the blocks: 22 tiles of rows, 16 rows unpacked, 512 and 1024 columns, 400 of k. */
const nearBlocks = fc.oneof(
  fc.tuple(fc.constantFrom(109, 110, 111, 115, 131, 132, 133, 139, 220, 221, 265), upTo(9), upTo(9)),
  fc.tuple(upTo(20), fc.constantFrom(511, 512, 513, 516, 517, 521), upTo(7)),
  fc.tuple(upTo(18), fc.constantFrom(1023, 1024, 1025, 1029, 2050), upTo(18)),
  fc.tuple(upTo(20), upTo(12), fc.constantFrom(399, 400, 401, 402, 403, 799, 800, 801, 1201)),
);

/** The batch dimensions of both: equal ones, 1 against many either way round, left out in one. */
const batches = fc
  .record({
    whole: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
    ones: fc.tuple(fc.nat(3), fc.nat(3)),
    cut: fc.tuple(fc.nat(2), fc.nat(2)),
    // as often as not, both are whole
    equal: fc.boolean(),
  })
  .map(({ whole, ones, cut, equal }) => {
    if (equal) return [whole, whole] as const;
    const own = (mask: number, less: number): number[] =>
      whole.map((d, i) => (mask & (1 << i) ? 1 : d)).slice(Math.min(less, whole.length));
    return [own(ones[0], cut[0]), own(ones[1], cut[1])] as const;
  });

type Sizes = [m: number, n: number, k: number];

/** @param lead a batch dimension of b at least: products of one matrix may be the stock kernel's */
const product = (sizes: fc.Arbitrary<Sizes>, lead = false) =>
  fc
    .record({ sizes, batch: batches, transposeA: fc.boolean(), transposeB: fc.boolean(), seed: fc.nat() })
    .map(given => {
      const { sizes, batch, transposeA, transposeB, seed } = given;
      const [m, n, k] = sizes;
      const bBatch = lead && batch[1].length === 0 ? [1] : batch[1];
      const aShape = [...batch[0], ...(transposeA ? [k, m] : [m, k])];
      const bShape = [...bBatch, ...(transposeB ? [n, k] : [k, n])];
      return { aShape, bShape, transposeA, transposeB, seed, n };
    });

const withValues = <T extends Matrices & { seed: number }>(given: T) => ({
  ...given,
  a: floats(sizeOf(given.aShape), given.seed),
  b: floats(sizeOf(given.bShape), given.seed + 1),
});

/** TF.js' product of these values on the backend in use. */
function matMul({ a, b, aShape, bShape, transposeA, transposeB }: ReturnType<typeof withValues>): tf.Tensor {
  return tf.tidy(() => tf.matMul(tf.tensor(a, [...aShape]), tf.tensor(b, [...bShape]), transposeA, transposeB));
}

withEachBuild(stock => {
  describe('matMul', () => {
    const agrees = (given: ReturnType<typeof withValues>): void => {
      const { shape, ...exact } = matMulExact(given.a, given.b, given);
      const y = byOurs(stock, () => matMul(given));
      expect(y.shape).toEqual(shape);
      expectWithin(take(y), exact);
    };

    test('small ones: all transposes, broadcast batches, odd tails', () => {
      fc.assert(fc.property(product(small).map(withValues), agrees), runs(300));
    });

    test('sizes around those of the blocks', () => {
      fc.assert(fc.property(product(nearBlocks, true).map(withValues), agrees), runs(60));
    });

    test.each([
      [false, false],
      [false, true],
      [true, false],
      [true, true],
    ])('more than one block each way, transposed: %s, %s', (transposeA, transposeB) => {
      const [m, n, k] = [134, 517, 405];
      const aShape = transposeA ? [k, m] : [m, k];
      const bShape = transposeB ? [n, k] : [k, n];
      agrees(withValues({ aShape, bShape, transposeA, transposeB, seed: 5 }));
    });

    test('a number that is none stays in its row, an infinite one in its column; the others keep every bit', () => {
      fc.assert(
        fc.property(product(small).map(withValues), fc.nat(), fc.nat(), (given, atRow, atColumn) => {
          const [m, n] = [given.aShape.at(given.transposeA ? -1 : -2)!, given.n];
          const k = given.aShape.at(given.transposeA ? -2 : -1)!;
          const before = take(matMul(given));
          const [i, j] = [atRow % m, atColumn % n];
          const a = given.a.slice();
          const b = given.b.slice();
          // every matrix of a batch gets one
          for (let at = 0; at < a.length; at += m * k) a[at + (given.transposeA ? i : i * k)] = Number.NaN;
          for (let at = 0; at < b.length; at += k * n)
            b[at + (given.transposeB ? j * k : j)] = Number.POSITIVE_INFINITY;
          const after = take(matMul({ ...given, a, b }));
          before.forEach((value, at) => {
            const [row, column] = [Math.floor(at / n) % m, at % n];
            if (row === i) expect(after[at]).toBeNaN();
            else if (column === j) expect(Math.abs(after[at]!)).toBe(Number.POSITIVE_INFINITY);
            else expect(after[at]).toBe(value);
          });
        }),
        runs(60),
      );
    });

    test('both gradients', () => {
      fc.assert(
        fc.property(product(small).map(withValues), given => {
          const gradients = (): Float32Array[] => {
            const { a, b, aShape, bShape, transposeA, transposeB } = given;
            const f = (x: tf.Tensor, y: tf.Tensor): tf.Tensor => {
              const z = tf.matMul(x, y, transposeA, transposeB);
              return tf.sum(tf.mul(z, tf.tensor(floats(z.size, given.seed + 2), z.shape)));
            };
            return tf.tidy(() =>
              tf
                .grads(f)([tf.tensor(a, aShape), tf.tensor(b, bShape)])
                .map(g => g.dataSync<'float32'>()),
            );
          };
          // TF.js' gradient of a product of broadcast batches has not the shape of what was broadcast; it is not ours
          fc.pre(given.aShape.slice(0, -2).join() === given.bShape.slice(0, -2).join());
          const [da, db] = byOurs(stock, gradients) as [Float32Array, Float32Array];
          const [m, n, k] = [
            given.aShape.at(given.transposeA ? -1 : -2)!,
            given.n,
            given.aShape.at(given.transposeA ? -2 : -1)!,
          ];
          const batch = given.aShape.slice(0, -2);
          const dy = floats(sizeOf(batch) * m * n, given.seed + 2);
          const { aShape, bShape, transposeA, transposeB, a, b } = given;
          const dyShape = [...batch, m, n];
          expectWithin(
            da,
            transposeA
              ? matMulExact(b, dy, { aShape: bShape, bShape: dyShape, transposeA: transposeB, transposeB: true })
              : matMulExact(dy, b, { aShape: dyShape, bShape, transposeA: false, transposeB: !transposeB }),
          );
          expectWithin(
            db,
            transposeB
              ? matMulExact(dy, a, { aShape: dyShape, bShape: aShape, transposeA: true, transposeB: transposeA })
              : matMulExact(a, dy, { aShape, bShape: dyShape, transposeA: !transposeA, transposeB: false }),
          );
          expect([da.length, db.length]).toEqual([sizeOf(batch) * m * k, sizeOf(batch) * k * n]);
        }),
        runs(100),
      );
    });

    test('empty products are empty', () => {
      for (const [aShape, bShape, shape] of [
        [
          [0, 3],
          [3, 4],
          [0, 4],
        ],
        [
          [2, 3],
          [3, 0],
          [2, 0],
        ],
        [
          [0, 2, 3],
          [0, 3, 4],
          [0, 2, 4],
        ],
        [
          [2, 0, 3],
          [1, 3, 4],
          [2, 0, 4],
        ],
      ] as const) {
        const y = tf.tidy(() => tf.matMul(tf.zeros([...aShape]), tf.zeros([...bShape])));
        expect(y.shape).toEqual(shape);
        expect(take(y).length).toBe(0);
      }
    });

    test('few rows times large weights, and outer products, are the stock kernel’s, but the former are ours in training', () => {
      const asked = (m: number, n: number, k: number, inGradient: boolean): number => {
        const given = withValues({ aShape: [m, k], bShape: [k, n], transposeA: false, transposeB: false, seed: 6 });
        const { shape: _, ...exact } = matMulExact(given.a, given.b, given);
        stock.clear();
        const y = tf.tidy(() => {
          let z: tf.Tensor | undefined;
          if (inGradient) {
            tf.grad(x => {
              z = tf.keep(tf.matMul(x, tf.tensor(given.b, [k, n])));
              return z;
            })(tf.tensor(given.a, [m, k]));
          }
          return z ?? matMul(given);
        });
        const calls = stock.calls().length;
        expectWithin(take(y), exact);
        return calls;
      };
      expect([asked(31, 64, 128, false), asked(31, 64, 128, true)]).toEqual([1, 0]);
      expect([asked(32, 64, 128, false), asked(31, 63, 128, false)]).toEqual([0, 0]);
      expect([asked(256, 256, 4, false), asked(256, 256, 4, true)]).toEqual([1, 1]);
      expect(asked(256, 255, 4, false)).toBe(0);
    });

    test('sizes that do not fit are refused in the words of TF.js', () => {
      const refused = (aShape: number[], bShape: number[], ...transposes: boolean[]) =>
        expect(() => tf.tidy(() => tf.matMul(tf.ones(aShape), tf.ones(bShape), ...transposes)));
      refused([2, 3], [4, 5]).toThrow(/inner shapes \(3\) and \(4\)/);
      refused([2, 3], [2, 3]).toThrow(/inner shapes \(3\) and \(2\)/);
      refused([2, 3], [2, 3], true, true).toThrow(/inner shapes \(2\) and \(3\)/);
      refused([2, 4, 3], [3, 3, 4]).toThrow(/could not be broadcast/);
    });
  });

  describe('fused matMul', () => {
    const activations = ['linear', 'relu', 'relu6', 'leakyrelu', 'elu', 'sigmoid'] as const;
    const alpha = Math.fround(0.3);

    interface Fused extends Matrices {
      readonly a: Float32Array;
      readonly b: Float32Array;
      readonly bias?: Float32Array | undefined;
      readonly slopes?: Float32Array;
    }

    /** The kernel itself: the op reshapes batches to one dimension. */
    const fused = (given: Fused, activation: string): tf.Tensor =>
      tf.tidy(() => {
        const inputs: tf.NamedTensorMap = {
          a: tf.tensor(given.a, [...given.aShape]),
          b: tf.tensor(given.b, [...given.bShape]),
          ...(given.bias && { bias: tf.tensor1d(given.bias) }),
          ...(given.slopes && { preluActivationWeights: tf.tensor1d(given.slopes) }),
        };
        const { transposeA, transposeB } = given;
        const attrs = { transposeA, transposeB, activation, leakyreluAlpha: alpha };
        return tf.engine().runKernel(tf._FusedMatMul, inputs, attrs) as tf.Tensor;
      });

    /** The op makes three dimensions of all; the stock kernel knows no fewer. */
    const atLeast3 = <T extends Matrices>(given: T): T => {
      const lead = (shape: readonly number[]) => (shape.length < 3 ? [1, ...shape] : shape);
      return { ...given, aShape: lead(given.aShape), bShape: lead(given.bShape) };
    };

    const cases = fc
      .tuple(
        product(fc.oneof({ weight: 8, arbitrary: small }, { weight: 1, arbitrary: nearBlocks })),
        fc.boolean(),
        fc.constantFrom(1, 5, 20),
      )
      .map(([given, biased, scale]) => ({
        ...withValues(atLeast3(given)),
        // up to ±20, so that relu6 has something to cut
        bias: biased ? floats(given.n, given.seed + 3).map(v => v * scale) : undefined,
      }));

    test('bias: one more term', () => {
      fc.assert(
        fc.property(cases, given => {
          const { shape, ...exact } = matMulExact(given.a, given.b, given);
          const y = byOurs(stock, () => fused(given, 'linear'));
          expect(y.shape).toEqual(shape);
          expectWithin(take(y), given.bias ? plusBias(exact, given.bias) : exact);
        }),
        runs(150),
      );
    });

    /** What an activation makes of a float: exactly, or by the backend's own kernel. */
    const activated: Record<(typeof activations)[number], (y: Float32Array) => ArrayLike<number>> = {
      linear: y => y,
      relu: y => y.map(v => (v < 0 ? 0 : v)),
      relu6: y => y.map(v => Math.min(v < 0 ? 0 : v, 6)),
      leakyrelu: y => y.map(v => (v < 0 ? v * alpha : v)),
      elu: y => take(tf.tidy(() => tf.elu(tf.tensor1d(y)))),
      sigmoid: y => take(tf.tidy(() => tf.sigmoid(tf.tensor1d(y)))),
    };

    test.each(activations)('%s of the result, to the bit', activation => {
      fc.assert(
        fc.property(cases, given => {
          const linear = take(fused(given, 'linear'));
          const y = take(byOurs(stock, () => fused(given, activation)));
          expectSame(y, activated[activation](linear));
        }),
        runs(40),
      );
    });

    test.each(activations)('%s through the op, as on cpu', activation => {
      fc.assert(
        fc.property(cases, given => {
          const [aShape, bShape] = [given.aShape.slice(-2), given.bShape.slice(-2)] as [number, number][];
          const compute = (): Float32Array =>
            tf.tidy(() => {
              const a = tf.tensor(given.a.subarray(0, sizeOf(aShape!)), aShape) as tf.Tensor2D;
              const b = tf.tensor(given.b.subarray(0, sizeOf(bShape!)), bShape) as tf.Tensor2D;
              const { transposeA, transposeB } = given;
              const bias = given.bias && tf.tensor1d(given.bias);
              const options = { a, b, transposeA, transposeB, activation, leakyreluAlpha: alpha };
              return tf.fused.matMul({ ...options, ...(bias && { bias }) }).dataSync<'float32'>();
            });
          const { shape: _, ...exact } = matMulExact(given.a, given.b, { ...given, aShape: aShape!, bShape: bShape! });
          const { size, terms } = given.bias ? plusBias(exact, given.bias) : exact;
          const value = Float64Array.from(onCpu(compute));
          // both are wrong by at most the bound, no activation here makes an error larger, and has one of a few roundings
          expectWithin(byOurs(stock, compute), { value, size, terms }, (n, s) => 2 * (n + 2) * 2 ** -24 * s + 2 ** -21);
        }),
        runs(20),
      );
    });

    test('prelu is the stock kernel’s, with our kernels installed too', () => {
      fc.assert(
        fc.property(product(small).map(atLeast3).map(withValues), given => {
          fc.pre(given.aShape.length === 3 && given.bShape.length === 3);
          const slopes = floats(given.n, given.seed + 4);
          const linear = matMulExact(given.a, given.b, given);
          stock.clear();
          const y = take(fused({ ...given, slopes }, 'prelu'));
          expect(stock.calls()).toEqual([tf._FusedMatMul]);
          const value = linear.value.map((v, i) => (v < 0 ? v * slopes[i % given.n]! : v));
          expectWithin(y, { ...linear, value, terms: linear.terms.map(n => n + 1) });
        }),
        runs(60),
      );
    });

    test('gradients of the op by a, b and bias, as on cpu', () => {
      fc.assert(
        fc.property(cases, fc.constantFrom('linear', 'relu', 'relu6'), (given, activation) => {
          const [aShape, bShape] = [given.aShape.slice(-2), given.bShape.slice(-2)] as [number, number][];
          const [a0, b0] = [given.a.subarray(0, sizeOf(aShape!)), given.b.subarray(0, sizeOf(bShape!))];
          const bias0 = given.bias ?? floats(given.n, given.seed + 3);
          const { transposeA, transposeB } = given;
          const gradients = (absolute: boolean) => (): Float32Array[] =>
            tf.tidy(() => {
              const f = (a: tf.Tensor, b: tf.Tensor, bias: tf.Tensor): tf.Tensor => {
                const inputs = { a: a as tf.Tensor2D, b: b as tf.Tensor2D, bias };
                const y = tf.fused.matMul({
                  ...inputs,
                  transposeA,
                  transposeB,
                  activation: absolute ? 'linear' : activation,
                });
                const dy = tf.tensor(floats(y.size, given.seed + 5), y.shape);
                return tf.sum(tf.mul(y, absolute ? tf.abs(dy) : dy));
              };
              const [a, b, bias] = [tf.tensor(a0, aShape), tf.tensor(b0, bShape), tf.tensor1d(bias0)];
              const inputs = absolute ? [tf.abs(a), tf.abs(b), tf.abs(bias)] : [a, b, bias];
              return tf
                .grads(f)(inputs)
                .map(g => g.dataSync<'float32'>());
            });
          // an element so near to 0 or 6 that rounding decides has a gradient on one side only
          const { value, size, terms } = plusBias(
            matMulExact(a0, b0, { ...given, aShape: aShape!, bShape: bShape! }),
            bias0,
          );
          fc.pre(value.every((v, i) => Math.min(Math.abs(v), Math.abs(v - 6)) > 2 ** -23 * (terms[i]! + 2) * size[i]!));
          const ours = gradients(false)();
          const [theirs, sizes] = [onCpu(gradients(false)), onCpu(gradients(true))];
          const [m, n, k] = [aShape![transposeA ? 1 : 0], given.n, aShape![transposeA ? 0 : 1]] as Sizes;
          [n, m, m].forEach((terms, i) => {
            const exact = {
              value: Float64Array.from(theirs[i]!),
              size: Float64Array.from(sizes[i]!),
              terms: new Float64Array(ours[i]!.length).fill(terms),
            };
            expectWithin(ours[i]!, exact, (t, s) => 2 * (t + 2) * 2 ** -24 * s);
          });
          expect(ours.map(g => g.length)).toEqual([m * k, k * n, n]);
        }),
        runs(80),
      );
    });
  });
});
