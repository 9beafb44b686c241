/** Random numbers by index, against those that JavaScript makes in float64. */

import type { RandomKey } from '@keepprob/core';
import { NOISE_KERNEL } from '@keepprob/core/kernels';
import { logisticNoise, normalNoise, normals, uniforms } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { onCpu, withEachBuild } from './support/builds.ts';
import { allCases, runs } from './support/numbers.ts';

const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const keys: fc.Arbitrary<RandomKey> = fc.record({
  seed: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  ...{ step: uint32, site: uint32, draw: uint32 },
});

const logistics = (key: RandomKey, count: number, first: number): Float64Array =>
  uniforms(key, count, first).map(u => Math.log((u + 2 ** -33) / (1 - u - 2 ** -33)));

/** With what assembly/noise.ts promises of z, in 2⁻²⁴ |z|. */
const distributions = [
  ['normal', normalNoise, normals, 6],
  ['logistic', logisticNoise, logistics, 10],
] as const;

/** What z, the scale, their product and the sum are off by. */
const allowed = (value: number, scaled: number, promised: number): number =>
  2 ** -24 * ((promised + 2.1) * Math.abs(scaled) + Math.abs(value)) + 2 ** -148;

const many = allCases ? 2 ** 20 : 2 ** 18;
const manyKey = { seed: 2 ** 40 + 7, step: 3, site: 65_536, draw: 1 };
/** Many numbers as JavaScript makes them and as the cpu backend has them, made once for all builds. */
const references = new Map<string, { readonly z: Float64Array; readonly cpu: Float32Array }>();

withEachBuild(() => {
  test.each(distributions)('%s numbers, at any index, of any key, mean and scale', (_, noise, exact, promised) => {
    const cases = fc.record({
      key: keys,
      shape: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 4 }),
      first: fc.oneof(fc.nat(40), fc.nat(2 ** 34)),
      mean: fc.double({ min: -3, max: 3, noNaN: true }),
      // of a scale below the smallest float the kernel sees 0
      scale: fc.double({ min: 0, max: 3, noNaN: true }).map(Math.fround),
    });
    const kernel = vi.spyOn(tf.getKernel(NOISE_KERNEL, 'wasm'), 'kernelFunc');
    let drawn = 0;
    fc.assert(
      fc.property(cases, ({ key, shape, first, mean, scale }) => {
        const y = noise(shape, key, { mean, scale, first });
        expect(y.shape).toEqual(shape);
        expect(kernel).toHaveBeenCalledTimes(++drawn);
        const z = exact(key, y.size, first);
        const isWithin = (v: number, scaled: number): boolean => {
          // the mean is rounded as well
          const value = mean + scaled;
          return Math.abs(v - value) <= allowed(value, scaled, promised) + 2 ** -24 * Math.abs(mean);
        };
        expect(y.dataSync().findIndex((v, i) => !isWithin(v, scale * z[i]!))).toBe(-1);
        y.dispose();
      }),
      runs(300),
    );
    kernel.mockRestore();
  });

  test.each(distributions)(
    '%s: a quarter of a million numbers with their tails, as near as promised; on average within half a unit in the last place of those on cpu',
    (name, noise, exact, promised) => {
      const draw = (): Float32Array => tf.tidy(() => noise([many], manyKey).dataSync<'float32'>());
      const y = draw();
      const { z, cpu } = references.get(name) ?? { z: exact(manyKey, many, 0), cpu: onCpu(draw) };
      references.set(name, { z, cpu });
      expect(Math.max(...z.subarray(0, 1e5))).toBeGreaterThan(4);
      expect(y.findIndex((v, i) => !(Math.abs(v - z[i]!) <= promised * 2 ** -24 * Math.abs(z[i]!)))).toBe(-1);
      const apart = y.reduce((sum, v, i) => sum + Math.abs(v - cpu[i]!) / Math.abs(cpu[i]!), 0) / many;
      expect(apart).toBeLessThan(2 ** -24);
    },
  );

  test('no numbers at all', () => {
    const none = normalNoise([0, 3], { seed: 1, step: 0, site: 0, draw: 0 });
    expect(none.shape).toEqual([0, 3]);
    none.dispose();
  });
});
