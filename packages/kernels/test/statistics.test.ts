/** Batch norm, and the tile that its gradient repeats statistics with. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byOurs, onCpu, withEachBuild } from './support/builds.ts';
import { expectSame, expectWithin, floats, integers, runs, sizeOf, take } from './support/numbers.ts';

const upTo = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });

withEachBuild(stock => {
  describe('tile', () => {
    /** Shape and repetitions, many of them 1. */
    const cases = fc.record({
      axes: fc.array(
        fc.tuple(
          fc.oneof(fc.constant(1), upTo(5)),
          fc.oneof({ weight: 2, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: upTo(4) }),
        ),
        { minLength: 1, maxLength: 5 },
      ),
      dtype: fc.constantFrom('float32' as const, 'int32' as const, 'bool' as const),
      seed: fc.nat(),
    });

    test('every shape and repetition, of every type, as on cpu', () => {
      let ours = 0;
      let tried = 0;
      fc.assert(
        fc.property(cases, ({ axes, dtype, seed }) => {
          const [shape, reps] = [axes.map(([d]) => d), axes.map(([, times]) => times)];
          const values =
            dtype === 'bool' ? integers(sizeOf(shape), seed, 0, 1) : integers(sizeOf(shape), seed, -99, 99);
          stock.clear();
          tried++;
          const y = tf.tidy(() => tf.tile(tf.tensor(values, shape, dtype), reps));
          if (stock.calls().length === 0) ours++;
          expect([y.shape, y.dtype]).toEqual([shape.map((d, i) => d * reps[i]!), dtype]);
          const theirs = onCpu(() => tf.tile(tf.tensor(values, shape, dtype), reps).dataSync() as Int32Array);
          expectSame(take(y), theirs);
        }),
        runs(250),
      );
      expect(ours).toBeGreaterThan(0.4 * tried);
    });

    test('its gradient, as on cpu', () => {
      fc.assert(
        fc.property(cases, ({ axes, seed }) => {
          const [shape, reps] = [axes.map(([d]) => d), axes.map(([, times]) => times)];
          // TF.js has no gradient of rank 5
          fc.pre(shape.length < 5);
          const compute = (): Float32Array =>
            tf.tidy(() => {
              const x = tf.tensor(integers(sizeOf(shape), seed, -9, 9), shape);
              const f = (v: tf.Tensor): tf.Tensor => {
                const y = tf.tile(v, reps);
                return tf.sum(tf.mul(y, tf.tensor(integers(y.size, seed + 1, -9, 9), y.shape)));
              };
              return tf.grad(f)(x).dataSync<'float32'>();
            });
          const plus0 = (values: Float32Array): Float32Array => values.map(v => v + 0);
          expectSame(plus0(compute()), plus0(onCpu(compute)));
        }),
        runs(80),
      );
    });
  });

  describe('batch norm', () => {
    const cases = fc.record({
      rest: fc.array(upTo(6), { minLength: 1, maxLength: 3 }),
      channels: fc.oneof(upTo(9), fc.constantFrom(15, 16, 17, 33)),
      scaled: fc.boolean(),
      offset: fc.boolean(),
      epsilon: fc.constantFrom(1e-3, 1e-5, 0.5),
      seed: fc.nat(),
    });

    test('(x − mean) · scale / √(variance + ε) + offset, per channel', () => {
      fc.assert(
        fc.property(cases, ({ rest, channels: c, scaled, offset, epsilon, seed }) => {
          const shape = [...rest, c];
          const x = floats(sizeOf(shape), seed);
          const [mean, variance, scale, plus] = [1, 2, 3, 4].map(i => floats(c, seed + i)) as [
            Float32Array,
            Float32Array,
            Float32Array,
            Float32Array,
          ];
          for (let i = 0; i < c; i++) variance[i] = Math.abs(variance[i]!);
          const compute = (): tf.Tensor =>
            tf.tidy(() =>
              tf.batchNorm(
                ...([tf.tensor(x, shape), tf.tensor1d(mean), tf.tensor1d(variance)] as const),
                offset ? tf.tensor1d(plus) : undefined,
                scaled ? tf.tensor1d(scale) : undefined,
                epsilon,
              ),
            );
          const y = byOurs(stock, compute);
          expect(y.shape).toEqual(shape);
          const n = x.length;
          const exact = { value: new Float64Array(n), size: new Float64Array(n), terms: new Float64Array(n) };
          for (let i = 0; i < n; i++) {
            const j = i % c;
            const factor = (scaled ? scale[j]! : 1) / Math.sqrt(variance[j]! + Math.fround(epsilon));
            exact.value[i] = (x[i]! - mean[j]!) * factor + (offset ? plus[j]! : 0);
            exact.size[i] = Math.abs((x[i]! - mean[j]!) * factor) + (offset ? Math.abs(plus[j]!) : 0);
            // variance + ε, √, 1 / it, · scale, x − mean, their product, + offset
            exact.terms[i] = 7 - 2;
          }
          expectWithin(take(y), exact);
        }),
        runs(150),
      );
    });

    test('statistics of any other shape: as stock', () => {
      const x = floats(24, 1);
      const compute = (): Float32Array =>
        tf.tidy(() => {
          const [a, b] = [floats(6, 2), floats(6, 3).map(Math.abs)].map(v => tf.tensor2d(v, [2, 3]));
          const stats = (t: tf.Tensor) => tf.reshape(tf.concat([t, t, t, t]), [2, 4, 3]) as tf.Tensor3D;
          return tf.batchNorm(tf.tensor(x, [2, 4, 3]), stats(a!), stats(b!)).dataSync<'float32'>();
        });
      stock.clear();
      const y = compute();
      expect(stock.calls()).toContain(tf.FusedBatchNorm);
      const theirs = onCpu(compute);
      for (const [i, value] of y.entries())
        expect(Math.abs(value - theirs[i]!)).toBeLessThan(1e-5 * Math.abs(theirs[i]!) + 1e-6);
    });
  });
});
