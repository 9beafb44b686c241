/** Changes of colour as one kernel, against the operations that compute them on cpu: every remainder of a vector, clipped and not. */
import { adjustColors, type ColorChange, colorJitter, randomGrayscale } from '@keepprob/augment';
import type { Moment, SetupContext } from '@keepprob/core';
import { COLORS_KERNEL } from '@keepprob/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { onCpu, withEachBuild } from '../support/builds.ts';
import { counted } from '../support/counted.ts';
import { expectAlike, floats, runs, sizeOf } from '../support/numbers.ts';

const context: SetupContext = { host: 'fit', site: 2 };
const moment: Moment = {
  ...{ step: 1, phase: 'train', epoch: 0, learningRate: 0.1, rows: [0, 6] },
  key: () => ({ seed: 7, step: 1, site: 2, draw: 0 }),
};

const factor = fc.double({ min: 0, max: 2, noNaN: true });
const change: fc.Arbitrary<ColorChange> = fc.record({
  brightness: fc.oneof(fc.constant(1), factor),
  contrast: fc.oneof(fc.constant(1), factor),
  saturation: factor,
  hue: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
});
const cases = fc.record({
  changes: fc.array(change, { minLength: 1, maxLength: 4 }),
  // more pixels than are added up in one go, too
  size: fc.oneof(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })), fc.constant([33, 41])),
  channels: fc.constantFrom(1, 3),
  black: fc.constantFrom(0, -1, 0.25),
  seed: fc.nat(9999),
});

withEachBuild(() => {
  test('a matrix for each image, towards its mean luma', () => {
    fc.assert(
      fc.property(cases, ({ changes, size, channels, black, seed }) => {
        const shape = [changes.length, size[0]!, size[1]!, channels] as [number, number, number, number];
        const x = floats(sizeOf(shape), seed);
        const compute = (): Float32Array[] =>
          tf.tidy(() => [adjustColors(tf.tensor4d(x, shape), changes, black).dataSync<'float32'>().slice()]);
        expectAlike(counted({ [COLORS_KERNEL]: 1 }, compute), onCpu(compute), 1e-5);
      }),
      runs(300),
    );
  });

  test.each([1, 3])('what is beyond black and white is clipped, of %i channels', channels => {
    const plugin = colorJitter({ brightness: 0.9, contrast: 0.9, valueRange: [-0.5, 0.75] });
    const x = floats(6 * 35 * channels, 5);
    const compute = (): Float32Array[] =>
      tf.tidy(() => {
        const hooks = plugin.setup(context);
        const batch = { x: { image: tf.tensor4d(x, [6, 5, 7, channels]) }, y: {} };
        return [hooks.batch!(batch, moment).x.image!.dataSync<'float32'>().slice()];
      });
    const [ours] = counted({ [COLORS_KERNEL]: 1 }, compute);
    expectAlike([ours!], onCpu(compute), 1e-5);
    expect(Math.min(...ours!)).toBe(-0.5);
    expect(Math.max(...ours!)).toBe(0.75);
  });

  test('NaN stays in its pixel, and what is not changed stays to the bit', () => {
    const x = floats(2 * 6 * 3, 1);
    x[4] = Number.NaN;
    const y = tf.tidy(() => {
      const plugin = randomGrayscale(0);
      return plugin.setup(context).batch!({ x: { x: tf.tensor4d(x, [2, 2, 3, 3]) }, y: {} }, moment).x.x!.dataSync();
    });
    const isInPixel = (i: number): boolean => i >= 3 && i < 6;
    for (const [i, value] of y.entries()) expect(value).toBe(isInPixel(i) ? Number.NaN : x[i]);
  });
});
