/** Batch norm and layer norm in closed form, against differences in float64: any axes, with and without γ and β. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { normalize } from '../../src/gradients/normalize.ts';
import { install } from '../../src/gradients.ts';
import { onCpuAndWasm } from '../support/backends.ts';
import { expectDerivatives, expectValue, pointOf } from '../support/derivatives.ts';
import { EPSILON, opOf, settings } from '../support/norms.ts';
import { runs } from '../support/numbers.ts';

onCpuAndWasm(() => {
  beforeEach(async () => {
    await install();
  });

  test('values, gradients and second derivatives; no tensor is left', () => {
    const before = tf.memory().numTensors;
    const property = fc.property(settings, fc.nat(), (setting, seed) => {
      const op = opOf(setting);
      const point = pointOf(op, seed);
      expectValue(op, point.inputs);
      expectDerivatives(op, point);
    });
    fc.assert(property, runs(400));
    expect(tf.memory().numTensors).toBe(before);
  });

  test('NaN stays where its statistics are', () => {
    const x = tf.tensor2d([1, Number.NaN, 3, 4, 5, 7], [3, 2]);
    const f = (x: tf.Tensor): tf.Tensor =>
      normalize({ x, gain: tf.tensor1d([1, 2]), bias: undefined, axes: [0], epsilon: EPSILON });
    const [y, dx] = tf.tidy(() => [
      f(x).dataSync(),
      tf
        .grad(f)(x, tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]))
        .dataSync(),
    ]);
    for (const values of [y, dx])
      expect(Array.from(values!, Number.isNaN)).toEqual([false, true, false, true, false, true]);
    x.dispose();
  });
});
