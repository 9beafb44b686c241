import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byOurs, onCpu, withEachBuild } from './support/builds.ts';
import { wasmBackend } from './support/heap.ts';
import { type Exact, expectSame, expectWithin, floats, integers, runs, SEED, sizeOf, take } from './support/numbers.ts';

const shapes = (rank: { minLength: number; maxLength: number }) =>
  fc.array(
    fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 1, max: 7 }) },
      { weight: 1, arbitrary: fc.constantFrom(8, 15, 16, 17, 21, 33) },
    ),
    rank,
  );

/** Σ of x over these axes, times a factor, exactly. */
function sumExact(x: ArrayLike<number>, shape: readonly number[], axes: readonly number[], factor = 1): Exact {
  const kept = shape.map((d, i) => (axes.includes(i) ? 1 : d));
  const n = sizeOf(kept);
  const exact = { value: new Float64Array(n), size: new Float64Array(n), terms: new Float64Array(n) };
  for (let i = 0; i < x.length; i++) {
    let at = 0;
    for (let d = shape.length - 1, left = i, stride = 1; d >= 0; d--) {
      const place = left % shape[d]!;
      left = (left - place) / shape[d]!;
      if (kept[d] !== 1) at += place * stride;
      stride *= kept[d]!;
    }
    exact.value[at]! += x[i]! * factor;
    exact.size[at]! += Math.abs(x[i]! * factor);
    exact.terms[at]!++;
  }
  return exact;
}

/**
 * Sums are added up in parts: a term is in at most 256 additions of its own part, one for each 256 terms of the whole, and a few of lanes
 * and tails; never in more than there are terms. A mean is rounded twice more.
 */
const inParts = (terms: number, size: number): number =>
  (Math.min(terms, 256 + terms / 256 + 24) + 2) * 2 ** -24 * size + 2 ** -149;

/** Of large shapes. */
const numbers = {
  same: (shape: readonly number[]) => new Float32Array(sizeOf(shape)).fill(0.1),
  random: (shape: readonly number[]) => floats(sizeOf(shape), SEED),
};
/** Sums and means of each build are held to the same exact sums, which take longest: computed once. */
const million = [
  { shape: [1_000_000], axes: [0] },
  { shape: [1_000_003], axes: [0] },
  { shape: [1000, 1000], axes: [0] },
  { shape: [1000, 1000], axes: [1] },
  { shape: [1000, 1000], axes: [0, 1] },
  { shape: [333_333, 3], axes: [0] },
  { shape: [100_001, 10], axes: [0] },
  { shape: [3, 300_007], axes: [1] },
  { shape: [2, 50_021, 9], axes: [1] },
].map(({ shape, axes }) => {
  const known: Partial<Record<keyof typeof numbers, Exact>> = {};
  const sums = (kind: keyof typeof numbers): Exact => {
    known[kind] ??= sumExact(numbers[kind](shape), shape, axes);
    return known[kind];
  };
  return { shape, axes, sums };
});

withEachBuild(stock => {
  describe.each([
    ['sum', tf.sum],
    ['mean', tf.mean],
  ] as const)('%s', (name, op) => {
    test('over every subset of the axes of ranks 1 to 4', () => {
      const seen = new Set<string>();
      fc.assert(
        fc.property(
          shapes({ minLength: 1, maxLength: 4 }),
          fc.integer({ min: 1, max: 15 }),
          fc.boolean(),
          fc.boolean(),
          fc.nat(),
          (shape, mask, keepDims, negative, seed) => {
            const axes = shape.map((_, i) => i).filter(i => mask & (1 << i));
            fc.pre(axes.length > 0);
            seen.add(`${shape.length}: ${axes}`);
            const x = floats(sizeOf(shape), seed);
            const given = negative ? axes.map(i => i - shape.length).reverse() : axes;
            stock.clear();
            const y = tf.tidy(() => op(tf.tensor(x, shape), given, keepDims));
            // neighbours are ours, the others stock's
            const ours = axes.at(-1)! - axes[0]! + 1 === axes.length;
            expect(stock.calls().length).toBe(ours ? 0 : 1);
            const out = shape.map((d, i) => (axes.includes(i) ? 1 : d));
            expect(y.shape).toEqual(keepDims ? out : out.filter((_, i) => !axes.includes(i)));
            const n = sizeOf(axes.map(i => shape[i]!));
            const exact = sumExact(x, shape, axes, name === 'mean' ? 1 / n : 1);
            expectWithin(take(y), exact, (terms, size) => (terms + 2) * 2 ** -24 * size + 2 ** -149);
          },
        ),
        // all of them, so that every subset is met
        { ...runs(400), numRuns: 400 },
      );
      // 1 + 3 + 7 + 15: none was left out
      expect(seen.size).toBe(26);
    });

    test('of everything, and of nothing but one number', () => {
      const x = floats(60, SEED);
      for (const keepDims of [false, true]) {
        const y = byOurs(stock, () => tf.tidy(() => op(tf.tensor(x, [3, 4, 5]), undefined, keepDims)));
        expect(y.shape).toEqual(keepDims ? [1, 1, 1] : []);
        expectWithin(take(y), sumExact(x, [60], [0], name === 'mean' ? 1 / 60 : 1));
      }
      expect(take(tf.tidy(() => op(tf.scalar(2.5))))[0]).toBe(2.5);
    });

    test.each(million)('of up to 10⁶ numbers: $shape over $axes, all .1, and random ones', ({ shape, axes, sums }) => {
      const factor = name === 'mean' ? 1 / sizeOf(axes.map(i => shape[i]!)) : 1;
      for (const kind of ['same', 'random'] as const) {
        const y = take(byOurs(stock, () => tf.tidy(() => op(tf.tensor(numbers[kind](shape), shape), axes))));
        const { value, size, terms } = sums(kind);
        expectWithin(y, { value: value.map(v => v * factor), size: size.map(v => v * factor), terms }, inParts);
      }
    });

    test('of whole numbers, as on cpu to the bit', () => {
      fc.assert(
        fc.property(shapes({ minLength: 1, maxLength: 3 }), fc.nat(), fc.nat(), (shape, seed, at) => {
          // a power of two of them: the mean is exact too
          const all = [...shape, 4];
          const axis = name === 'mean' ? all.length - 1 : at % all.length;
          const compute = (): Float32Array =>
            tf.tidy(() => op(tf.tensor(integers(sizeOf(all), seed, -99, 99), all), axis).dataSync<'float32'>());
          expectSame(byOurs(stock, compute), onCpu(compute));
        }),
        runs(60),
      );
    });

    test('a number that is none stays in its sum', () => {
      const x = floats(40 * 19, SEED);
      x[7 * 19 + 3] = Number.NaN;
      const [rows, columns] = [1, 0].map(axis => take(tf.tidy(() => op(tf.tensor(x, [40, 19]), axis))));
      expect([...rows!].flatMap((v, i) => (Number.isNaN(v) ? [i] : []))).toEqual([7]);
      expect([...columns!].flatMap((v, i) => (Number.isNaN(v) ? [i] : []))).toEqual([3]);
    });

    test('of other types: stock’s', () => {
      const of = (dtype: 'int32' | 'bool') => tf.tidy(() => op(tf.ones([3, 4], dtype), 1));
      const [int, bool] = [of('int32'), of('bool')];
      expect([int.dtype, bool.dtype]).toEqual(name === 'sum' ? ['int32', 'int32'] : ['float32', 'float32']);
      const each = name === 'sum' ? 4 : 1;
      expect([...take(int), ...take(bool)]).toEqual(new Array(6).fill(each));
    });
  });

  describe('unsortedSegmentSum', () => {
    const cases = fc.record({
      rows: fc.integer({ min: 1, max: 60 }),
      inner: shapes({ minLength: 0, maxLength: 2 }),
      segments: fc.integer({ min: 1, max: 9 }),
      seed: fc.nat(),
    });
    /** Some are before the first segment and after the last. */
    const idsOf = ({ rows, segments, seed }: { rows: number; segments: number; seed: number }): Int32Array =>
      Int32Array.from(integers(rows, seed + 1, -3, segments + 2));
    const segmentSum = (x: Float32Array, shape: number[], ids: Int32Array, segments: number): tf.Tensor =>
      tf.tidy(() => tf.unsortedSegmentSum(tf.tensor(x, shape), tf.tensor1d(ids, 'int32'), segments));

    test('adds up the rows of each segment, and drops those of none', () => {
      fc.assert(
        fc.property(cases, given => {
          const { rows, inner, segments, seed } = given;
          const n = sizeOf(inner);
          const ids = idsOf(given);
          const x = floats(rows * n, seed);
          const exact = {
            value: new Float64Array(segments * n),
            size: new Float64Array(segments * n),
            terms: new Float64Array(segments * n),
          };
          x.forEach((v, i) => {
            const id = ids[Math.floor(i / n)]!;
            if (id < 0 || id >= segments) return;
            exact.value[id * n + (i % n)]! += v;
            exact.size[id * n + (i % n)]! += Math.abs(v);
            exact.terms[id * n + (i % n)]!++;
          });
          const y = byOurs(stock, () => segmentSum(x, [rows, ...inner], ids, segments));
          expect(y.shape).toEqual([segments, ...inner]);
          expectWithin(take(y), exact);
        }),
        runs(150),
      );
    });

    test('whole numbers, as on cpu to the bit', () => {
      fc.assert(
        fc.property(cases, given => {
          const { rows, inner, segments, seed } = given;
          const x = integers(rows * sizeOf(inner), seed, -9, 9);
          const compute = (): Float32Array => take(segmentSum(x, [rows, ...inner], idsOf(given), segments));
          const plus0 = (values: Float32Array): Float32Array => values.map(v => v + 0);
          expectSame(plus0(byOurs(stock, compute)), plus0(onCpu(compute)));
        }),
        runs(100),
      );
    });

    test('a row that is dropped does nothing, whatever is in it; one that is not keeps to its segment', () => {
      const x = floats(5 * 6, SEED);
      x.fill(Number.NaN, 0, 6);
      x.fill(Number.POSITIVE_INFINITY, 6, 12);
      x[20] = Number.NaN;
      const y = take(segmentSum(x, [5, 6], Int32Array.of(-1, 3, 0, 2, 0), 3));
      expect([...y].flatMap((v, i) => (Number.isFinite(v) ? [] : [i]))).toEqual([14]);
      // a segment of no rows
      expect([...y.subarray(6, 12)]).toEqual([0, 0, 0, 0, 0, 0]);
    });

    test('segments of more dimensions than one, and none at all', () => {
      const x = floats(2 * 3 * 4, SEED);
      const ids = tf.tensor2d([0, 1, 0, 1, 5, 0], [2, 3], 'int32') as unknown as tf.Tensor1D;
      const y = tf.tidy(() => tf.unsortedSegmentSum(tf.tensor(x, [2, 3, 4]), ids, 2));
      expect(y.shape).toEqual([2, 4]);
      const rows = (...numbers: number[]): number[] =>
        [0, 1, 2, 3].map(j => numbers.reduce((sum, i) => Math.fround(sum + x[4 * i + j]!), 0));
      expect([...take(y)]).toEqual([...rows(0, 2, 5), ...rows(1, 3)]);
      ids.dispose();
      const none = segmentSum(x, [6, 4], new Int32Array(6), 0);
      expect(none.shape).toEqual([0, 4]);
      none.dispose();
    });

    test('the gradient of gather along every axis', () => {
      fc.assert(
        fc.property(
          fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }),
          fc.nat(),
          fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 2 }),
          fc.nat(),
          (shape, at, idShape, seed) => {
            const axis = at % shape.length;
            const compute = (): Float32Array =>
              tf.tidy(() => {
                const ids = tf.tensor(
                  Int32Array.from(integers(sizeOf(idShape), seed, 0, shape[axis]! - 1)),
                  idShape,
                  'int32',
                );
                const f = (x: tf.Tensor): tf.Tensor => {
                  const y = tf.gather(x, ids, axis);
                  return tf.sum(tf.mul(y, tf.tensor(integers(y.size, seed + 1, -9, 9), y.shape)));
                };
                return tf
                  .grad(f)(tf.tensor(floats(sizeOf(shape), seed), shape))
                  .dataSync<'float32'>();
              });
            const plus0 = (values: Float32Array): Float32Array => values.map(v => v + 0);
            expectSame(plus0(byOurs(stock, compute)), plus0(onCpu(compute)));
          },
        ),
        runs(120),
      );
    });
  });

  describe('identity', () => {
    test.each(['float32', 'int32', 'bool'] as const)('a clone of %s has the values, on the same data', dtype => {
      fc.assert(
        fc.property(shapes({ minLength: 0, maxLength: 4 }), fc.nat(), fc.boolean(), (shape, seed, originalFirst) => {
          const values = integers(sizeOf(shape), seed, 0, 1);
          const before = wasmBackend().numDataIds();
          const x = tf.tensor(values, shape, dtype);
          const y = byOurs(stock, () => tf.clone(x));
          expect([y.shape, y.dtype]).toEqual([shape, dtype]);
          expect(wasmBackend().numDataIds()).toBe(before + 1);
          const [gone, left] = originalFirst ? [x, y] : [y, x];
          gone.dispose();
          // what comes next must not be written over what is left
          const other = tf.fill(shape, 7);
          expect([...left.dataSync()]).toEqual([...values]);
          tf.dispose([left, other]);
          expect(wasmBackend().numDataIds()).toBe(before);
        }),
        runs(40),
      );
    });

    test('a clone keeps its values when the variable gets new ones', () => {
      const v = tf.tidy(() => tf.variable(tf.tensor1d([1, 2, 3])));
      const before = tf.clone(v);
      const next = tf.tensor1d([4, 5, 6]);
      v.assign(next);
      expect([[...before.dataSync()], [...v.dataSync()]]).toEqual([
        [1, 2, 3],
        [4, 5, 6],
      ]);
      tf.dispose([before, v, next]);
    });

    test('of data that another backend has', () => {
      tf.setBackend('cpu');
      const x = tf.tensor1d([1, 2, 3]);
      tf.setBackend('wasm');
      const y = byOurs(stock, () => tf.clone(x));
      x.dispose();
      expect([...y.dataSync()]).toEqual([1, 2, 3]);
      y.dispose();
    });

    test('strings are stock’s', () => {
      stock.clear();
      const y = tf.tidy(() => tf.clone(tf.tensor(['a', 'b'])));
      expect(y.dataSync<'string'>()).toEqual(['a', 'b']);
      expect(stock.calls()).toEqual([tf.Identity]);
      y.dispose();
    });

    test('its gradient is dy', () => {
      const dx = tf.tidy(() => tf.grad(x => tf.mul(tf.clone(x), 3))(tf.tensor1d([1, 2])));
      expect([...take(dx)]).toEqual([3, 3]);
    });
  });
});
