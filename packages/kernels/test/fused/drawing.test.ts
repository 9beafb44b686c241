/** What draws on the way: noise in a tensor, concrete dropout, DropBlock, as without a kernel. */

import type { RandomKey } from '@keepprob/core';
import {
  ADD_NOISE_KERNEL,
  CONCRETE_GRAD_KERNEL,
  CONCRETE_KERNEL,
  DROP_BLOCK_KERNEL,
  MULTIPLY_NOISE_KERNEL,
} from '@keepprob/core/kernels';
import { addNormalNoise, multiplyNormalNoise, normalNoise, uniforms } from '@keepprob/core/random';
import { concreteDropout, dropBlock2D } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { onCpu, withEachBuild } from '../support/builds.ts';
import { expectAlike, expectSame, floats, runs, sizeOf } from '../support/numbers.ts';

const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const keys: fc.Arbitrary<RandomKey> = fc.record({
  seed: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  ...{ step: uint32, site: uint32, draw: uint32 },
});

withEachBuild(() => {
  /** Runs `f`, in which the kernel must run so often. */
  function withKernel<T>(name: string, times: number, f: () => T): T {
    const kernel = vi.spyOn(tf.getKernel(name, 'wasm'), 'kernelFunc');
    try {
      return f();
    } finally {
      expect(kernel).toHaveBeenCalledTimes(times);
      kernel.mockRestore();
    }
  }

  test.each([
    ['added', addNormalNoise, tf.add, ADD_NOISE_KERNEL],
    ['multiplied', multiplyNormalNoise, tf.mul, MULTIPLY_NOISE_KERNEL],
  ] as const)('noise that is %s is that of the noise kernel, to the bit, at any index', (_, f, join, name) => {
    const cases = fc.record({
      key: keys,
      shape: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 4 }),
      first: fc.oneof(fc.nat(40), fc.nat(2 ** 34)),
      mean: fc.double({ min: -3, max: 3, noNaN: true }),
      scale: fc.double({ min: 0, max: 3, noNaN: true }),
      seed: fc.nat(999),
    });
    fc.assert(
      fc.property(cases, ({ key, shape, first, mean, scale, seed }) => {
        const options = { mean, scale, first };
        tf.tidy(() => {
          const x = tf.tensor(floats(sizeOf(shape), seed), shape);
          const y = withKernel(name, 1, () => f(x, key, options));
          expect(y.shape).toEqual(shape);
          expectSame(y.dataSync(), join(x, normalNoise(shape, key, options)).dataSync());
        });
      }),
      runs(300),
    );
    const none = tf.tidy(() => f(tf.zeros([0, 3]), { seed: 1, step: 0, site: 0, draw: 0 }).shape);
    expect(none).toEqual([0, 3]);
  });

  test('DropBlock drops and scales as on cpu, to the bit, forward and backward; what is dropped is 0 whatever it was', () => {
    const cases = fc.record({
      ...{ b: fc.integer({ min: 1, max: 3 }), c: fc.integer({ min: 1, max: 5 }) },
      ...{ h: fc.integer({ min: 1, max: 9 }), w: fc.integer({ min: 1, max: 9 }) },
      block: fc.nat(8),
      keepProb: fc.oneof(fc.double({ min: 0.05, max: 0.95, noNaN: true }), fc.constant(1.1 * 2 ** -17)),
      dataFormat: fc.constantFrom('channelsLast' as const, 'channelsFirst' as const),
      seed: fc.nat(1e6),
    });
    fc.assert(
      fc.property(cases, ({ b, c, h, w, block, keepProb, dataFormat, seed }) => {
        const blockSize = 1 + (block % Math.min(h, w));
        const shape: [number, number, number, number] = dataFormat === 'channelsLast' ? [b, h, w, c] : [b, c, h, w];
        const x = floats(sizeOf(shape), seed).map((v, i) => (i % 11 === 3 ? Number.NaN : v));
        const compute = (): Float32Array[] =>
          tf.tidy(() => {
            const layer = dropBlock2D({ keepProb, blockSize, dataFormat, seed });
            const f = (x: tf.Tensor): tf.Tensor => {
              layer.reset();
              return layer.apply(x, { training: true }) as tf.Tensor;
            };
            const [input, dy] = [tf.tensor4d(x, shape), tf.tensor4d(floats(x.length, seed + 1), shape)];
            return [f(input), tf.grad(f)(input, dy)].map(t => t.dataSync<'float32'>().slice());
          });
        const ours = withKernel(DROP_BLOCK_KERNEL, 3, compute);
        const expected = onCpu(compute);
        for (const [i, values] of ours.entries()) expectSame(values.map(v => v + 0), expected[i]!.map(v => v + 0)); // biome-ignore format: one thought
      }),
      runs(200),
    );
  });

  test('concrete dropout and its gradients by x, by the rate and by the kernel behind, against those of cpu and float64', () => {
    const cases = fc.record({
      shape: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })),
      initialRate: fc.double({ min: 0.02, max: 0.9, noNaN: true }),
      temperature: fc.double({ min: 0.05, max: 1, noNaN: true }),
      shares: fc.boolean(),
      seed: fc.nat(1e6),
    });
    fc.assert(
      fc.property(cases, ({ shape, initialRate, temperature, shares, seed }) => {
        const [rows, features] = shape;
        const [x, dy] = [floats(rows * features, seed), floats(rows * features, seed + 1)];
        const compute = (): Float32Array[] =>
          tf.tidy(() => {
            const noiseShape = shares ? [null, 1] : null;
            const free = { weightRegularizer: 0, dropoutRegularizer: 0, noiseShape };
            const layer = concreteDropout({ ...free, initialRate, temperature, seed });
            layer.build(shape);
            const f = (): tf.Scalar => {
              layer.reset();
              return tf.sum(tf.mul(layer.apply(input, { training: true }) as tf.Tensor, tf.tensor2d(dy, shape)));
            };
            const input = tf.variable(tf.tensor2d(x, shape));
            const rate = layer.weights[0]!.read() as tf.Variable;
            const { value, grads } = tf.variableGrads(f, [input, rate]);
            const read = [value, ...Object.values(grads)].map(t => t.dataSync<'float32'>().slice());
            tf.dispose([input, rate]);
            return read;
          });
        const isOne = !shares || features === 1;
        const ours = withKernel(CONCRETE_KERNEL, +isOne, () => withKernel(CONCRETE_GRAD_KERNEL, +isOne, compute));
        // a steep sigmoid makes much of the last bit of the noise
        expectAlike(ours, onCpu(compute), 2e-5 / temperature);

        const draws = shares ? rows : rows * features;
        const L = Math.fround(Math.log(initialRate / (1 - initialRate)));
        const r = 1 / (1 + Math.exp(-L));
        const u = uniforms({ seed, step: 0, site: 0, draw: 0 }, draws).map(v => v + 2 ** -33);
        const kept = u.map(v => 1 / (1 + Math.exp((L + Math.log(v / (1 - v))) / temperature)));
        const at = (i: number): number => kept[shares ? Math.floor(i / features) : i]!;
        let [value, byRate] = [0, 0];
        const byX = Float32Array.from(x, (v, i) => {
          const m = at(i) / (1 - r);
          value += dy[i]! * v * m;
          byRate += dy[i]! * v * m * (r - (1 - at(i)) / temperature);
          return dy[i]! * m;
        });
        const exact = [Float32Array.of(value), byX, Float32Array.of(byRate)];
        expectAlike(ours, exact, (2e-5 * Math.sqrt(x.length)) / temperature / (1 - initialRate));
      }),
      runs(200),
    );
  });
});
