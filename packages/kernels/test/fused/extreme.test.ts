/** The largest and the smallest along axes, as on cpu, with their gradients: any shape and axes, NaN, what is equal. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byOurs, onCpu, withEachBuild } from '../support/builds.ts';
import { expectAlike, expectSame, floats, integers, runs, sizeOf } from '../support/numbers.ts';

const shapes = fc.array(fc.constantFrom(1, 2, 3, 4, 5, 8, 17), { minLength: 1, maxLength: 4 });
const read = (f: () => tf.Tensor): Float32Array => tf.tidy(() => Float32Array.from(f().dataSync()));

withEachBuild(stock => {
  describe.each([
    ['max', tf.max],
    ['min', tf.min],
  ] as const)('%s', (_, f) => {
    test('along any axes, with NaN', () => {
      fc.assert(
        fc.property(
          shapes,
          fc.integer({ min: 1, max: 15 }),
          fc.boolean(),
          fc.nat(9999),
          (shape, bits, keepDims, seed) => {
            const axes = shape.map((_, i) => i).filter(i => bits & (1 << i));
            fc.pre(axes.length > 0);
            const values = integers(sizeOf(shape), seed, -3, 3).map((v, i) =>
              (i + seed) % 61 === 7 ? Number.NaN : v || 0,
            );
            const compute = (): Float32Array => read(() => f(tf.tensor(values, shape), axes, keepDims));
            const isOurs = axes.every((axis, i) => axis === axes[0]! + i);
            expectSame(isOurs ? byOurs(stock, compute) : compute(), onCpu(() => tf.tensor1d(compute())).dataSync());
          },
        ),
        runs(200),
      );
    });

    test('its gradient goes to all that are equal to it', () => {
      for (const [shape, axis] of [
        [[3, 5], 1],
        [[4, 3, 2], 1],
        [[7], 0],
      ] as [number[], number][]) {
        const gradient = (): Float32Array =>
          read(() => {
            const x = tf.tensor(integers(sizeOf(shape), 4, 0, 2), shape);
            const dy = tf
              .tensor(floats(sizeOf(shape), 5), shape)
              .slice(0)
              .sum(axis);
            return tf.grad(x => tf.sum(tf.mul(f(x, axis), dy)))(x);
          });
        const ours = gradient();
        tf.setBackend('cpu');
        const expected = gradient();
        tf.setBackend('wasm');
        expectAlike([ours], [expected], 1e-6);
      }
    });

    test('of nothing, of integers, and along axes that are apart, stock answers', () => {
      stock.clear();
      tf.tidy(() => {
        expect(f(tf.zeros([0, 3]), 1).shape).toEqual([0]);
        expect([...f(tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32')).dataSync()].length).toBe(1);
        expect(f(tf.ones([2, 3, 4]), [0, 2]).shape).toEqual([3]);
      });
      expect(stock.calls().length).toBe(2);
    });
  });
});
