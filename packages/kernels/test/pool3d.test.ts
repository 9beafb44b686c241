import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byOurs, onCpu, withEachBuild } from './support/builds.ts';
import { type Exact, expectSame, expectWithin, floats, integers, runs, sizeOf, take } from './support/numbers.ts';
import { run } from './support/onBoth.ts';
import { eachTap } from './support/products.ts';
import { channels, type Five, type Rounding, type Three, three, upTo } from './support/windows.ts';

interface Pool {
  readonly inShape: Five;
  readonly filterSize: Three;
  readonly strides: Three;
  readonly pad: 'valid' | 'same' | number;
  readonly dimRoundingMode: Rounding;
  readonly seed: number;
}

const infoOf = ({ inShape, filterSize, strides, pad, dimRoundingMode }: Pool) =>
  tf.backend_util.computePool3DInfo(inShape, filterSize, strides, 1, pad, dimRoundingMode);

const pools: fc.Arbitrary<Pool> = fc
  .record({
    inShape: fc.tuple(upTo(3), upTo(6), upTo(6), upTo(6), channels),
    filterSize: three(4),
    strides: three(3),
    pad: fc.constantFrom<Pool['pad']>('valid', 'same', 0, 1, 2),
    dimRoundingMode: fc.constantFrom<Rounding>(undefined, 'floor', 'round', 'ceil'),
    seed: fc.nat(),
  })
  .map(pool => (typeof pool.pad === 'number' ? pool : { ...pool, dimRoundingMode: undefined }))
  .filter(pool => infoOf(pool).outShape.every(d => d > 0));

const outSize = (pool: Pool): number => sizeOf(infoOf(pool).outShape);
const xOf = (pool: Pool): Float32Array => floats(sizeOf(pool.inShape), pool.seed);
/** Whole numbers: sums of them are the same in any order. */
const wholeDy = (pool: Pool): Float32Array => integers(outSize(pool), pool.seed + 1, -50, 50);
const attrsOf = ({ filterSize, strides, pad, dimRoundingMode }: Pool): tf.NamedAttrMap => ({
  ...{ filterSize, strides, pad },
  ...(dimRoundingMode && { dimRoundingMode }),
});

const forward = (kernel: string, pool: Pool, x: Float32Array) => (): tf.Tensor =>
  run(kernel, { x: [x, pool.inShape] }, { ...attrsOf(pool), dataFormat: 'NDHWC' });
const gradient = (kernel: string, pool: Pool, x: Float32Array, dy: Float32Array) => (): tf.Tensor => {
  const { outShape } = infoOf(pool);
  // the output is of no use to it, but an input of the kernel
  const output = kernel === tf.MaxPool3DGrad ? { output: [dy, outShape] as const } : {};
  return run(kernel, { input: [x, pool.inShape], dy: [dy, outShape], ...output }, attrsOf(pool));
};

/** Elements of x that each element of y looks at, in the order of the window. */
function windowsOf(pool: Pool): number[][] {
  const info = infoOf(pool);
  const c = info.inChannels;
  const windows: number[][] = Array.from({ length: outSize(pool) }, () => []);
  eachTap(info, (input, output) => {
    for (let i = 0; i < c; i++) windows[output * c + i]!.push(input * c + i);
  });
  return windows;
}

/** dy to the last of the largest, as TF.js says; −∞ is an element like others, NaN is none. */
function routed(pool: Pool, x: Float32Array, dy: Float32Array): Float32Array {
  const dx = new Float32Array(x.length);
  for (const [output, window] of windowsOf(pool).entries()) {
    const numbers = window.filter(i => !Number.isNaN(x[i]));
    const largest = numbers.reduce((max, i) => Math.max(max, x[i]!), Number.NEGATIVE_INFINITY);
    const last = numbers.findLast(i => x[i] === largest);
    if (last !== undefined) dx[last]! += dy[output]!;
  }
  return dx;
}

/** −0 and 0 are one: what is added up is not. */
const plus0 = (values: Float32Array): Float32Array => values.map(v => v + 0);
const cube = (pool: Pool): Pool => ({ ...pool, filterSize: [2, 3, 3] });

withEachBuild(stock => {
  const given = (compute: () => tf.Tensor): Float32Array => take(byOurs(stock, compute));

  describe('max', () => {
    const special = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, Number.NaN, 1, -1, -3.5, 0];
    const numbers: Record<string, (pool: Pool) => Float32Array> = {
      'any numbers': xOf,
      'many equals': pool => integers(sizeOf(pool.inShape), pool.seed, 0, 2),
      '−Infinity and NaN': pool =>
        integers(sizeOf(pool.inShape), pool.seed, 0, special.length - 1).map(i => special[i]!),
    };

    test.each(Object.entries(numbers))('the largest of %s, as on cpu', (_, values) => {
      fc.assert(
        fc.property(pools, pool => {
          const compute = forward(tf.MaxPool3D, pool, values(pool));
          expectSame(
            given(compute),
            onCpu(() => compute().dataSync<'float32'>()),
          );
        }),
        runs(100),
      );
    });

    test.each(Object.entries(numbers))('dy to the last of the largest, for %s', (_, values) => {
      fc.assert(
        fc.property(pools, pool => {
          const [x, dy] = [values(pool), wholeDy(pool)];
          expectSame(plus0(given(gradient(tf.MaxPool3DGrad, pool, x, dy))), plus0(routed(pool, x, dy)));
        }),
        runs(100),
      );
    });

    // of others cpu mixes up height and width
    test.each(Object.entries(numbers))('as cpu sends it from windows as high as wide, for %s', (_, values) => {
      fc.assert(
        fc.property(pools.map(cube), pool => {
          fc.pre(infoOf(pool).outShape.every(d => d > 0));
          const compute = gradient(tf.MaxPool3DGrad, pool, values(pool), wholeDy(pool));
          expectSame(plus0(given(compute)), plus0(onCpu(() => compute().dataSync<'float32'>())));
        }),
        runs(60),
      );
    });
  });

  describe('average', () => {
    /** Of what the window has inside, or of all that it is. */
    const exactly = (pool: Pool, values: Float32Array, gradient: boolean): Exact => {
      const n = gradient ? sizeOf(pool.inShape) : outSize(pool);
      const exact = { value: new Float64Array(n), size: new Float64Array(n), terms: new Float64Array(n) };
      for (const [output, window] of windowsOf(pool).entries()) {
        for (const input of window) {
          const [at, term] = gradient
            ? [input, values[output]! / sizeOf(pool.filterSize)]
            : [output, values[input]! / window.length];
          exact.value[at]! += term;
          exact.size[at]! += Math.abs(term);
          exact.terms[at]!++;
        }
      }
      return exact;
    };

    test('the mean of what is inside, as on cpu', () => {
      fc.assert(
        fc.property(pools, pool => {
          const compute = forward(tf.AvgPool3D, pool, xOf(pool));
          const exact = exactly(pool, xOf(pool), false);
          expectWithin(given(compute), exact);
          expectWithin(
            onCpu(() => compute().dataSync<'float32'>()),
            exact,
          );
        }),
        runs(100),
      );
    });

    test('dy / size of the window to each element, as on cpu', () => {
      fc.assert(
        fc.property(pools, pool => {
          const dy = floats(outSize(pool), pool.seed + 1);
          const compute = gradient(tf.AvgPool3DGrad, pool, xOf(pool), dy);
          const exact = exactly(pool, dy, true);
          expectWithin(given(compute), exact);
          expectWithin(
            onCpu(() => compute().dataSync<'float32'>()),
            exact,
          );
        }),
        runs(100),
      );
    });
  });

  test('through the ops, as on cpu', () => {
    fc.assert(
      fc.property(pools.map(cube), fc.constantFrom('valid', 'same'), fc.boolean(), (pool, pad, isMax) => {
        fc.pre(infoOf({ ...pool, pad }).outShape.every(d => d > 0));
        const compute = (): Float32Array =>
          tf.tidy(() => {
            const f = (x: tf.Tensor): tf.Tensor => {
              const y = (isMax ? tf.maxPool3d : tf.avgPool3d)(x as tf.Tensor5D, pool.filterSize, pool.strides, pad);
              // multiples of the window's size: shares of an average are whole numbers, and sums of them exact
              const dy = integers(y.size, pool.seed + 1, -9, 9).map(v => v * sizeOf(pool.filterSize));
              return tf.sum(tf.mul(y, tf.tensor(dy, y.shape)));
            };
            return tf
              .grad(f)(tf.tensor(xOf(pool), pool.inShape))
              .dataSync<'float32'>();
          });
        expectSame(plus0(byOurs(stock, compute).map(Math.round)), plus0(onCpu(compute).map(Math.round)));
      }),
      runs(40),
    );
  });

  test('of no volumes, and of volumes smaller than the window: nothing', () => {
    for (const shape of [
      [0, 3, 3, 3, 2],
      [2, 3, 3, 3, 0],
      [1, 1, 3, 3, 2],
    ] as Five[]) {
      for (const pool of [tf.maxPool3d, tf.avgPool3d]) {
        const [x, y] = tf.tidy(() => [tf.ones(shape), pool(tf.ones(shape) as tf.Tensor5D, 2, 1, 'valid')]);
        expect(y!.size).toBe(0);
        tf.dispose([x!, y!]);
        const dx = tf.tidy(() => tf.grad(t => tf.sum(pool(t as tf.Tensor5D, 2, 1, 'valid')))(tf.ones(shape)));
        expectSame(take(dx), new Float32Array(sizeOf(shape)));
      }
    }
  });

  test('refused: other types than float32, whose bits stock takes for floats, and dy of another shape', () => {
    const [x, dy] = [tf.ones([1, 2, 2, 2, 1], 'int32'), tf.ones([1, 1, 1, 1, 1])];
    const before = tf.memory().numDataBuffers;
    expect(() => tf.maxPool3d(x as tf.Tensor5D, 2, 1, 'valid')).toThrow(
      '@keepprob/kernels: MaxPool3D on the wasm backend takes float32. Received: int32. Cast the tensor: `x.toFloat()`.',
    );
    const attrs = { filterSize: 2, strides: 1, pad: 'same' };
    const input = x.toFloat();
    for (const kernel of [tf.MaxPool3DGrad, tf.AvgPool3DGrad]) {
      expect(() => tf.engine().runKernel(kernel, { input: x, dy, output: dy }, attrs)).toThrow(TypeError);
      expect(() => tf.engine().runKernel(kernel, { input, dy, output: dy }, attrs)).toThrow(
        `${kernel} expects dy of the shape of the result, [1,2,2,2,1]. Received: [1,1,1,1,1].`,
      );
    }
    expect(tf.memory().numDataBuffers).toBe(before + 1);
    tf.dispose([x, dy, input]);
  });
});
