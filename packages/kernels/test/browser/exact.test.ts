import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu';
import { DROPOUT_KERNEL } from '@keepprob/core/kernels';
import { counterDropout, type Draw, keepScale } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as webgl from '../../src/webgl.ts';
import * as webgpu from '../../src/webgpu.ts';
import { counting, dropped, firstDifference, layouts, sizeOf } from './oracle.ts';

/** `npm test` tries a tenth of the random cases and some of the rows, `npm run test:long` all of them (vitest.config.ts). */
const allCases = import.meta.env.CASES === 'all';

/** Names what ran, so that a mask drawn on the CPU is not taken for one of the kernel. */
async function ranKernel(run: () => tf.Tensor): Promise<{ values: Float32Array; kernels: string[] }> {
  let y: tf.Tensor | undefined;
  const { kernelNames } = await tf.profile(() => {
    y = run();
    return y;
  });
  const values = (await y!.data()) as Float32Array;
  y!.dispose();
  // customGrad profiles as a kernel without a name
  return { values, kernels: kernelNames.filter(name => name !== '') };
}

const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const key = fc.record({ seed: fc.maxSafeNat(), step: uint32, site: uint32, draw: uint32 });
const keepProb = fc.oneof(
  fc.constantFrom(0.5, 2 ** -16, 1 - 2 ** -16),
  fc.double({ min: 0.001, max: 0.999, noNaN: true }),
);

/** Rank 0 to 6, some thousand elements at most; half of the noise repeats somewhere; rows up to the element 2³³. */
const anyCase = fc
  .array(fc.integer({ min: 1, max: 5 }), { maxLength: 6 })
  .chain(shape => fc.tuple(fc.constant(shape), fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), fc.boolean()))
  .map(([shape, repeats, anyRepeat]) => ({
    shape,
    noiseShape: shape.map((size, d) => (anyRepeat && repeats[d] ? 1 : size)),
  }))
  .chain(({ shape, noiseShape }) => {
    const most = Math.floor(2 ** 33 / sizeOf(noiseShape.slice(1)));
    return fc.record({
      shape: fc.constant(shape),
      noiseShape: fc.constant(noiseShape),
      keepProb,
      key,
      rows: fc.oneof(fc.nat(20), fc.integer({ min: 0, max: most })).map(first => [first, most + 20] as const),
    });
  });

const draw = (shape: readonly number[], over: Partial<Draw> = {}): Draw => ({
  keepProb: 0.6,
  noiseShape: shape,
  key: { seed: 2 ** 33 * 5 + 2 ** 31 + 7, step: 3, site: 1, draw: 2 },
  rows: [0, shape[0] ?? 1],
  ...over,
});

describe.each(Object.entries({ webgl, webgpu }))('on %s', (backend, kernels) => {
  beforeAll(async () => {
    expect(await tf.setBackend(backend)).toBe(true);
    expect(await kernels.install()).toMatchObject({
      installed: true,
      backend,
      active: true,
      kernels: [DROPOUT_KERNEL],
    });
  });
  afterAll(() => kernels.uninstall());

  describe.each(Object.entries(layouts[backend]!))('with x %s', (_, layOut) => {
    async function check(shape: number[], drawn: Draw, values = counting(shape)): Promise<void> {
      const x = layOut(values, shape);
      const got = await ranKernel(() => counterDropout(x, drawn));
      expect(got.kernels).toEqual([DROPOUT_KERNEL]);
      const at = firstDifference(got.values, dropped(values, shape, drawn));
      if (at >= 0) throw new Error(`element ${at} of [${shape}] with noise [${drawn.noiseShape}] is ${got.values[at]}`);
      // x is as it was
      expect(firstDifference(await x.data(), values)).toBe(-1);
      x.dispose();
    }

    test('any shape, noise, key and first row gives the bits of the CPU', async () => {
      await fc.assert(
        fc.asyncProperty(anyCase, ({ shape, ...drawn }) => check(shape, drawn)),
        { numRuns: allCases ? 60 : 6 },
      );
    });

    test.each([
      [[100_001]],
      [[1, 40_000]],
      [[3, 20_001]],
      [[20_001, 3]],
      [[64, 128]],
      [[63, 127]],
      [[4, 7, 7, 6]],
      [[4, 8, 8, 6]],
      [[5, 9, 9, 9]],
    ])('%o', async shape => {
      for (const first of allCases ? [0, 1, 5, 1002] : [5]) await check(shape, draw(shape, { rows: [first, 2000] }));
    });

    test.each([
      [
        [8, 14, 14, 6],
        [8, 1, 1, 6],
      ],
      [
        [8, 13, 13, 5],
        [8, 1, 1, 5],
      ],
      [
        [8, 12, 4],
        [8, 12, 1],
      ],
      [
        [8, 12, 4],
        [1, 12, 4],
      ],
      [
        [6, 10, 20],
        [6, 1, 20],
      ],
      [
        [33, 65],
        [33, 1],
      ],
      [
        [33, 65],
        [1, 65],
      ],
      [
        [33, 65],
        [1, 1],
      ],
      [
        [2, 3, 2, 3, 2, 4],
        [2, 1, 2, 1, 2, 1],
      ],
      [
        [2, 3, 2, 3, 2, 4],
        [1, 3, 1, 3, 1, 4],
      ],
    ])('%o with noise %o', async (shape, noiseShape) => {
      for (const first of allCases ? [0, 3] : [3]) await check(shape, draw(shape, { noiseShape, rows: [first, 100] }));
    });

    test('the first element may be any, as a block of rows of another shape has it', async () => {
      for (const shape of [
        [6, 8],
        [5, 7],
      ]) {
        const flat = [sizeOf(shape)];
        const few = [7, 2 ** 31 + 5, 2 ** 32 - 7, 2 ** 33 + 2];
        for (const first of allCases ? [1, 4, 12, 2 ** 31, ...few] : few) {
          const { keepProb, key } = draw(shape);
          const x = layOut(counting(shape), shape);
          const y = tf.engine().runKernel(
            DROPOUT_KERNEL,
            { x },
            {
              noiseShape: shape,
              first,
              seedLow: key.seed >>> 0,
              seedHigh: Math.floor(key.seed / 2 ** 32),
              step: key.step,
              site: key.site,
              draw: key.draw,
              threshold: Math.round((1 - keepProb) * 65536),
              scale: keepScale(keepProb),
            },
          ) as tf.Tensor;
          const expected = dropped(counting(shape), flat, draw(flat, { rows: [first, first + 48] }));
          expect(firstDifference(await y.data(), expected)).toBe(-1);
          tf.dispose([x, y]);
        }
      }
    });

    test('a dropped NaN or Infinity is 0, one that is kept stays', async () => {
      const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1];
      for (const noiseShape of [
        [9, 20],
        [9, 1],
      ]) {
        await check(
          [9, 20],
          draw([9, 20], { noiseShape }),
          Float32Array.from({ length: 180 }, (_, i) => odd[i % 4]!),
        );
      }
    });
  });
});

test.each(Object.entries({ webgl, webgpu }))('on %s, nothing in gives nothing out', async (backend, kernels) => {
  await tf.setBackend(backend);
  await kernels.install();
  for (const noiseShape of [
    [0, 3],
    [0, 1],
    [1, 3],
  ]) {
    const x = tf.zeros([0, 3]);
    const key = { seedLow: 1, seedHigh: 0, step: 0, site: 0, draw: 0 };
    const attrs = { ...key, noiseShape, first: 5, threshold: 32768, scale: 2 };
    const y = tf.engine().runKernel(DROPOUT_KERNEL, { x }, attrs) as tf.Tensor;
    expect([y.shape, [...(await y.data())]]).toEqual([[0, 3], []]);
    tf.dispose([x, y]);
  }
  kernels.uninstall();
});

describe('on webgl, with its flags', () => {
  test.each(['WEBGL_PACK', 'WEBGL_LAZILY_UNPACK', 'WEBGL_USE_SHAPES_UNIFORMS'])('%s the other way', async flag => {
    await tf.setBackend('webgl');
    await webgl.install();
    const before = tf.env().getBool(flag);
    tf.env().set(flag, !before);
    try {
      for (const noiseShape of [
        [6, 7, 5],
        [6, 1, 5],
      ]) {
        for (const layOut of Object.values(layouts.webgl!)) {
          const x = layOut(counting([6, 7, 5]), [6, 7, 5]);
          const y = counterDropout(x, draw([6, 7, 5], { noiseShape }));
          const expected = dropped(counting([6, 7, 5]), [6, 7, 5], draw([6, 7, 5], { noiseShape }));
          expect(firstDifference(await y.data(), expected)).toBe(-1);
          tf.dispose([x, y]);
        }
      }
    } finally {
      tf.env().set(flag, before);
      webgl.uninstall();
    }
  });
});
