/** Batch norm and layer norm in closed form, against differences in float64: any axes, with and without γ and β. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { normalize } from '../../src/gradients/normalize.ts';
import { install } from '../../src/gradients.ts';
import { onCpuAndWasm } from '../support/backends.ts';
import {
  curved,
  elements,
  exactGradients,
  exactSecondDerivatives,
  expectClose,
  gradients,
  indexIn,
  type Op,
  pointOf,
  secondDerivatives,
} from '../support/derivatives.ts';
import { runs, sizeOf } from '../support/numbers.ts';

const EPSILON = 0.2;

interface Setting {
  readonly shape: number[];
  /** Over which the statistics are. */
  readonly axes: number[];
  /** Of γ and β: over all that the statistics are not over, or over what they are over. */
  readonly isBatch: boolean;
  readonly gain: boolean;
  readonly bias: boolean;
}

const settings: fc.Arbitrary<Setting> = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 })
  .chain(shape =>
    fc.record({
      shape: fc.constant(shape),
      axes: fc.oneof<fc.Arbitrary<number[]>[]>(
        fc.constant(shape.map((_, i) => i).slice(0, -1)),
        fc.constant(shape.length - 1).map(last => [last]),
        fc.uniqueArray(fc.integer({ min: 0, max: shape.length - 1 }), { minLength: 1 }).map(axes => axes.sort()),
      ),
      isBatch: fc.boolean(),
      gain: fc.boolean(),
      bias: fc.boolean(),
    }),
  );

/** A norm, and what it is in float64. Shapes without their leading dimensions of 1, as weights have them. */
function opOf({ shape, axes, isBatch, gain, bias }: Setting): Op {
  const statistic = shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
  const full = shape.map((n, axis) => (axes.includes(axis) === isBatch ? 1 : n));
  const weight = full.slice(
    Math.max(
      0,
      full.findIndex(n => n > 1),
    ),
  );
  const averages = (x: Float64Array): Float64Array => {
    const sums = new Float64Array(sizeOf(statistic));
    elements(shape, (place, i) => {
      sums[indexIn(statistic, place)]! += x[i]!;
      return 0;
    });
    return sums.map(sum => (sum * sums.length) / x.length);
  };
  const given = <T>(x: T, rest: T[]) => ({ x, gain: gain ? rest[0] : undefined, bias: bias ? rest.at(-1) : undefined });
  return {
    shapes: [shape, ...(gain ? [weight] : []), ...(bias ? [weight] : [])],
    f: (x, ...rest) => normalize({ ...given(x!, rest), axes, epsilon: EPSILON }),
    exact(x, ...rest) {
      const { gain, bias } = given(x!, rest);
      const mean = averages(x!);
      const centred = elements(shape, (place, i) => x![i]! - mean[indexIn(statistic, place)]!);
      const variance = averages(centred.map(v => v * v));
      return elements(shape, (place, i) => {
        const at = indexIn(weight, place);
        const normed = centred[i]! / Math.sqrt(variance[indexIn(statistic, place)]! + EPSILON);
        return normed * (gain?.[at] ?? 1) + (bias?.[at] ?? 0);
      });
    },
  };
}

onCpuAndWasm(() => {
  beforeEach(async () => {
    await install();
  });

  test('values, gradients and second derivatives; no tensor is left', () => {
    const before = tf.memory().numTensors;
    const property = fc.property(settings, fc.nat(), (setting, seed) => {
      const op = opOf(setting);
      const point = pointOf(op, seed);
      const values = tf.tidy(() =>
        op.f(...point.inputs.map((x, i) => tf.tensor(x, [...op.shapes[i]!]))).dataSync<'float32'>(),
      );
      expectClose([values], [op.exact(...point.inputs.map(x => Float64Array.from(x)))], 1e-5);
      expectClose(gradients(op, point), exactGradients(op, point), 2e-5);
      expectClose(secondDerivatives(curved(op), point), exactSecondDerivatives(curved(op), point), 2e-4);
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
