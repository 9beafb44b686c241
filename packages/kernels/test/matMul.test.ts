/** Products of matrices and their gradients against exact sums. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byOurs, withEachBuild } from './support/builds.ts';
import { nearBlocks, product, small, withValues } from './support/matrices.ts';
import { expectWithin, floats, runs, sizeOf, take } from './support/numbers.ts';
import { matMulExact } from './support/products.ts';

/** TF.js' product of these values on the backend in use. */
function matMul({ a, b, aShape, bShape, transposeA, transposeB }: ReturnType<typeof withValues>): tf.Tensor {
  return tf.tidy(() => tf.matMul(tf.tensor(a, [...aShape]), tf.tensor(b, [...bShape]), transposeA, transposeB));
}

withEachBuild(stock => {
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
        for (let at = 0; at < b.length; at += k * n) b[at + (given.transposeB ? j * k : j)] = Number.POSITIVE_INFINITY;
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
