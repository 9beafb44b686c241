/** Penalties on weights and sums over the weights of units, against float64: every remainder of a vector, with a start and without, and what is no number. */
import { elasticPenalty, unitDots, unitNorms } from '@keepprob/core';
import { DOTS_KERNEL, ELASTIC_GRAD_KERNEL, ELASTIC_KERNEL } from '@keepprob/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { onCpu, withEachBuild } from '../support/builds.ts';
import { counted } from '../support/counted.ts';
import { type Exact, expectAlike, expectWithin, floats, runs, sizeOf } from '../support/numbers.ts';

const shape = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 4 }),
  fc.integer({ min: 4090, max: 4112 }).map(n => [n]),
);
const strength = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 3, noNaN: true }));
const cases = fc.record({
  shapes: fc.array(shape, { minLength: 1, maxLength: 3 }),
  started: fc.boolean(),
  l1: strength,
  l2: strength,
  by: fc.double({ min: -2, max: 2, noNaN: true }),
  seed: fc.nat(9999),
});

withEachBuild(() => {
  test('λ₁ Σ |u| + λ₂ Σ u² and its gradient', () => {
    fc.assert(
      fc.property(cases, ({ shapes, started, l1, l2, by, seed }) => {
        const numbers = (of: number): Float32Array[] => shapes.map((s, i) => floats(sizeOf(s), seed + 31 * i + of));
        const [xs, starts] = [numbers(0), started ? numbers(7) : []];
        for (const x of xs) x[0] = started ? x[0]! : 0;
        const [value, ...gradients] = counted({ [ELASTIC_KERNEL]: 1, [ELASTIC_GRAD_KERNEL]: xs.length }, () =>
          tf.tidy(() => {
            const tensors = (of: readonly Float32Array[]): tf.Tensor[] => of.map((v, i) => tf.tensor(v, shapes[i]!));
            const from = tensors(starts);
            const f = (...xs: tf.Tensor[]): tf.Tensor => tf.mul(elasticPenalty(xs, { l1, l2, starts: from }), by);
            const { value, grads } = tf.valueAndGrads(f)(tensors(xs));
            return [value, ...grads].map(t => t.dataSync<'float32'>().slice());
          }),
        );
        const distances = xs.map((x, i) => Float64Array.from(x, (v, j) => v - (starts[i]?.[j] ?? 0)));
        const terms = distances.flatMap(u => [...u].map(v => l1 * Math.abs(v) + l2 * v * v));
        const total = by * terms.reduce((a, b) => a + b, 0);
        const exact = (values: readonly number[], count: number): Exact => ({
          value: Float64Array.from(values),
          size: Float64Array.from(values, Math.abs),
          terms: new Float64Array(values.length).fill(count),
        });
        expectWithin(value!, exact([total], terms.length));
        for (const [i, u] of distances.entries()) {
          const slopes = [...u].map(v => by * (l1 * Math.sign(v) + 2 * l2 * v));
          const sizes = [...u].map(v => Math.abs(by) * (l1 + 2 * l2 * (Math.abs(v) + 1)));
          expectWithin(gradients[i]!, { ...exact(slopes, 4), size: Float64Array.from(sizes) });
        }
      }),
      runs(300),
    );
  });

  test('a penalty of all tensors is that of cpu, and so are second derivatives', () => {
    const [x, start] = [floats(37, 1), floats(37, 2)];
    const compute = (): Float32Array[] =>
      tf.tidy(() => {
        const starts = [tf.tensor1d(start)];
        const f = (x: tf.Tensor): tf.Tensor => tf.square(elasticPenalty([x], { l1: 0.3, l2: 0.7, starts }));
        const twice = tf.grad((x: tf.Tensor) => tf.sum(tf.square(tf.grad(f)(x))));
        return [f, tf.grad(f), twice].map(g => g(tf.tensor1d(x)).dataSync<'float32'>().slice());
      });
    expectAlike(compute(), onCpu(compute), 1e-4);
  });

  test('NaN goes on, and what is too large to be squared does not harm the sizes', () => {
    const of = (x: number[], options: { l1?: number; l2?: number }): number =>
      tf.tidy(() => elasticPenalty([tf.tensor1d(x)], options).dataSync()[0]!);
    expect(of([1, Number.NaN, 2], { l1: 1 })).toBeNaN();
    expect(of([1e30, -1e30, 0, 0, 1e30], { l1: 1 })).toBeCloseTo(3e30, -25);
    expect(of([1e30], { l2: 1 })).toBe(Number.POSITIVE_INFINITY);
    const slopes = tf.tidy(() => {
      const x = tf.tensor1d([Number.NaN, 0, -0, 5, -5]);
      return tf
        .grad(x => elasticPenalty([x], { l1: 0.5 }))(x)
        .dataSync();
    });
    expect([...slopes].map(v => v + 0)).toEqual([Number.NaN, 0, 0, 0.5, -0.5]);
    expect(of([], { l1: 1 })).toBe(0);
  });

  test('Σ a b of each unit, whichever axes are in front, and the norms', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(16, 17, 300)), {
          minLength: 1,
          maxLength: 3,
        }),
        fc.nat(3),
        fc.nat(9999),
        (shape, inFront, seed) => {
          const axes = [...shape.keys()].slice(0, inFront);
          const [x, y] = [floats(sizeOf(shape), seed), floats(sizeOf(shape), seed + 1)];
          const [dots, norms] = counted({ [DOTS_KERNEL]: 2 }, () =>
            tf.tidy(() => {
              const [a, b] = [tf.tensor(x, shape), tf.tensor(y, shape)];
              const results = [unitDots(a, b, axes), unitNorms(a, axes)];
              const kept = shape.map((n, axis) => (axes.length === 0 || axes.includes(axis) ? 1 : n));
              for (const result of results) expect(result.shape).toEqual(kept);
              return results.map(t => t.dataSync<'float32'>().slice());
            }),
          );
          const units = dots!.length;
          const sums = (of: (i: number) => number): Float64Array => {
            const out = new Float64Array(units);
            for (let i = 0; i < x.length; i++) out[i % units]! += of(i);
            return out;
          };
          const terms = new Float64Array(units).fill(x.length / units);
          const size = sums(i => Math.abs(x[i]! * y[i]!));
          expectWithin(dots!, { value: sums(i => x[i]! * y[i]!), size, terms });
          const lengths = sums(i => x[i]! * x[i]!).map(Math.sqrt);
          expectWithin(norms!, { value: lengths, size: lengths, terms });
        },
      ),
      runs(200),
    );
  });

  test('units that are not last, and no numbers at all', () => {
    const x = tf.tensor2d([[3, 4], [5, 12]]); // biome-ignore format: a matrix
    const norms = counted({ [DOTS_KERNEL]: 0 }, () => tf.tidy(() => [...unitNorms(x, [1]).dataSync()]));
    expect(norms).toEqual([5, 13]);
    x.dispose();
    expect(tf.tidy(() => [...unitNorms(tf.zeros([0, 3]), [0]).dataSync()])).toEqual([0, 0, 0]);
    expect(tf.tidy(() => unitNorms(tf.zeros([3, 0]), [0]).shape)).toEqual([1, 0]);
  });
});
