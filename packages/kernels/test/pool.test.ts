import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { byOurs, onCpu, withEachBuild } from './support/builds.ts';
import { expectSame, expectWithin, floats, integers, runs, sizeOf, take } from './support/numbers.ts';
import { ofBoth, run } from './support/onBoth.ts';
import { eachTap } from './support/products.ts';
import { channels, type Four, type Pad, type Pair, padding, pair, type Rounding, upTo } from './support/windows.ts';

withEachBuild(stock => {
  describe('pooling', () => {
    interface Pool {
      readonly inShape: Four;
      readonly filterSize: Pair;
      readonly strides: Pair;
      readonly pad: Pad;
      readonly dimRoundingMode: Rounding;
      readonly seed: number;
    }
    const pools: fc.Arbitrary<Pool> = fc
      .record({
        inShape: fc.tuple(upTo(3), upTo(9), upTo(9), channels),
        filterSize: pair(5),
        strides: pair(3),
        padding,
        seed: fc.nat(),
      })
      .map(({ padding: [pad, dimRoundingMode], ...rest }) => ({ ...rest, pad, dimRoundingMode }))
      .filter(pool => poolInfo(pool).outShape.every(d => d > 0));
    const poolInfo = ({ inShape, filterSize, strides, pad, dimRoundingMode }: Pool) =>
      tf.backend_util.computePool2DInfo(inShape, filterSize, strides, 1, pad as 'same', dimRoundingMode);

    const gradient = (kernel: string, pool: Pool, x: Float32Array, dy: Float32Array) => (): tf.Tensor =>
      run(
        kernel,
        {
          input: [x, pool.inShape],
          dy: [dy, poolInfo(pool).outShape],
          // of no use to it, but an input of the kernel
          ...(kernel === tf.MaxPoolGrad && { output: [dy, poolInfo(pool).outShape] as [Float32Array, Four] }),
        },
        pool as unknown as tf.NamedAttrMap,
      );
    const onBoth = (kernel: string, pool: Pool, x: Float32Array, dy: Float32Array): [Float32Array, Float32Array] => {
      const compute = gradient(kernel, pool, x, dy);
      return [take(byOurs(stock, compute)), onCpu(() => compute().dataSync<'float32'>())];
    };
    const outSize = (pool: Pool): number => sizeOf(poolInfo(pool).outShape);
    /** −0 and 0 are one: what is added up is not. */
    const plus0 = (values: Float32Array): Float32Array => values.map(v => v + 0);

    /** Whole numbers as dy: sums of them are the same in any order. */
    const wholeDy = (pool: Pool): Float32Array => integers(outSize(pool), pool.seed + 1, -50, 50);

    test('max: dy goes where the cpu backend sends it', () => {
      fc.assert(
        fc.property(pools, pool => {
          const [ours, theirs] = onBoth(tf.MaxPoolGrad, pool, floats(sizeOf(pool.inShape), pool.seed), wholeDy(pool));
          expectSame(plus0(ours), plus0(theirs));
        }),
        runs(150),
      );
    });

    test('max: the first of equals', () => {
      fc.assert(
        fc.property(pools, pool => {
          const x = integers(sizeOf(pool.inShape), pool.seed, 0, 2);
          const [ours, theirs] = onBoth(tf.MaxPoolGrad, pool, x, wholeDy(pool));
          expectSame(plus0(ours), plus0(theirs));
        }),
        runs(150),
      );
    });

    test('max: windows of −Infinity and NaN', () => {
      fc.assert(
        fc.property(pools, pool => {
          const special = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, Number.NaN, 1, -1, -3.5, 0];
          const x = integers(sizeOf(pool.inShape), pool.seed, 0, special.length - 1).map(i => special[i]!);
          const [ours, theirs] = onBoth(tf.MaxPoolGrad, pool, x, wholeDy(pool));
          expectSame(plus0(ours), plus0(theirs));
        }),
        runs(150),
      );
    });

    test('max: what is found in no window gets nothing, whatever dy is', () => {
      for (const value of [Number.NEGATIVE_INFINITY, Number.NaN]) {
        for (const c of [1, 4, 6]) {
          const pool: Pool = {
            inShape: [1, 4, 4, c],
            filterSize: [2, 2],
            strides: [2, 2],
            pad: 'valid',
            dimRoundingMode: undefined,
            seed: 1,
          };
          const x = new Float32Array(16 * c).fill(value);
          const dy = new Float32Array(4 * c).fill(Number.NaN);
          expectSame(take(gradient(tf.MaxPoolGrad, pool, x, dy)()), new Float32Array(16 * c));
        }
      }
    });

    test('max: sums of dy within the bound', () => {
      fc.assert(
        fc.property(pools, pool => {
          const dy = floats(outSize(pool), pool.seed + 1);
          const x = floats(sizeOf(pool.inShape), pool.seed);
          const [ours, theirs] = onBoth(tf.MaxPoolGrad, pool, x, dy);
          const size = take(gradient(tf.MaxPoolGrad, pool, x, dy.map(Math.abs))());
          const terms = new Float64Array(x.length).fill(sizeOf(pool.filterSize));
          const exact = { value: Float64Array.from(theirs), size: Float64Array.from(size), terms };
          expectWithin(ours, exact, ofBoth);
        }),
        runs(80),
      );
    });

    test('average: dy / (height · width) to each element of the window', () => {
      fc.assert(
        fc.property(pools, pool => {
          const info = poolInfo(pool);
          const dy = floats(outSize(pool), pool.seed + 1);
          const n = sizeOf(pool.inShape);
          const exact = { value: new Float64Array(n), size: new Float64Array(n), terms: new Float64Array(n) };
          const c = info.inChannels;
          eachTap(info, (input, output) => {
            for (let i = 0; i < c; i++) {
              const term = dy[output * c + i]! / sizeOf(pool.filterSize);
              exact.value[input * c + i]! += term;
              exact.size[input * c + i]! += Math.abs(term);
              exact.terms[input * c + i]!++;
            }
          });
          const [ours, theirs] = onBoth(tf.AvgPoolGrad, pool, floats(n, pool.seed), dy);
          expectWithin(ours, exact);
          // whose gradient forgets how sizes are rounded
          if (!pool.dimRoundingMode) expectWithin(theirs, exact);
        }),
        runs(150),
      );
    });

    test('through the ops, as on cpu', () => {
      fc.assert(
        fc.property(pools, fc.constantFrom('valid', 'same'), fc.boolean(), (pool, pad, isMax) => {
          const { inShape, filterSize, strides, seed } = pool;
          fc.pre(pad === 'same' || (inShape[1] >= filterSize[0] && inShape[2] >= filterSize[1]));
          const compute = (): Float32Array =>
            tf.tidy(() => {
              const f = (x: tf.Tensor): tf.Tensor => {
                const y = (isMax ? tf.maxPool : tf.avgPool)(x as tf.Tensor4D, filterSize, strides, pad);
                // multiples of the window's size: shares of an average are whole numbers, and sums of them exact
                const dy = integers(y.size, seed + 1, -9, 9).map(v => v * sizeOf(filterSize));
                return tf.sum(tf.mul(y, tf.tensor(dy, y.shape)));
              };
              return tf
                .grad(f)(tf.tensor(floats(sizeOf(inShape), seed), inShape))
                .dataSync<'float32'>();
            });
          const [ours, theirs] = [byOurs(stock, compute), onCpu(compute)];
          if (isMax) expectSame(plus0(ours), plus0(theirs));
          else expectSame(plus0(ours.map(Math.round)), plus0(theirs.map(Math.round)));
        }),
        runs(60),
      );
    });
  });
});
