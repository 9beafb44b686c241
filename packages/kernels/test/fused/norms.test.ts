/** Norms as one kernel, and their gradients as one, against float64: every form, sizes around those of blocks and parts. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { normalize } from '../../src/gradients/normalize.ts';
import { formOf } from '../../src/gradients/normForm.ts';
import { install, uninstall } from '../../src/gradients.ts';
import { byOurs, withEachBuild } from '../support/builds.ts';
import { expectClose, expectDerivatives, expectValue, pointOf } from '../support/derivatives.ts';
import { EPSILON, opOf, settings } from '../support/norms.ts';
import { floats, runs, SEED, sizeOf } from '../support/numbers.ts';

type Shape = readonly number[];
test.each<[Shape, number[], Shape[], ReturnType<typeof formOf>]>([
  [[4, 5, 6, 7], [0, 1, 2], [[7]], { form: 'byGroup', times: 120, groups: 7, columns: 1 }],
  [[4, 5, 6, 7], [0, 2, 3], [[1, 5, 1, 1]], { form: 'byGroup', times: 4, groups: 5, columns: 42 }],
  [[4, 5, 6], [2], [[6], [6]], { form: 'byColumn', times: 1, groups: 20, columns: 6 }],
  [[4, 5, 6], [1, 2], [[5, 6]], { form: 'byColumn', times: 1, groups: 4, columns: 30 }],
  [[4, 5, 6], [1, 2], [], { form: 'byGroup', times: 1, groups: 4, columns: 30 }],
  [[4, 1], [0], [[1]], { form: 'byGroup', times: 1, groups: 1, columns: 4 }],
  [[4, 5], [0, 1], [], { form: 'byGroup', times: 1, groups: 1, columns: 20 }],
  [[1, 1], [1], [[1]], { form: 'byGroup', times: 1, groups: 1, columns: 1 }],
  // statistics of places apart, weights of other places than one of both
  [[4, 5, 6], [1], [[5, 1]], undefined],
  [[4, 5, 6, 7], [0, 2], [], undefined],
  [[4, 5, 6], [2], [[5, 6]], undefined],
  [[4, 6], [1], [[1]], undefined],
])('the form of %j over %j with weights of %j', (shape, axes, weights, form) => {
  expect(formOf(shape, axes, weights)).toEqual(form);
});

interface Case {
  readonly times: number;
  readonly groups: number;
  readonly columns: number;
  readonly byColumn: boolean;
  readonly gain: boolean;
  readonly bias: boolean;
  /** The mean of x, roughly. */
  readonly far: number;
}
const size = (...more: number[]): fc.Arbitrary<number> =>
  fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(15, 16, 17, 33, ...more));
const cases: fc.Arbitrary<Case> = fc.record({
  times: size(127, 128, 129, 300),
  groups: size(127, 129),
  columns: fc.oneof(fc.constant(1), size(1025)),
  byColumn: fc.boolean(),
  gain: fc.boolean(),
  bias: fc.boolean(),
  far: fc.constantFrom(0, 0, 30),
});

/** y, dx, dγ and dβ as their definitions have them. */
function exactNorm(at: Case, x: Float32Array, dy: Float32Array, gain: Float32Array, bias: Float32Array) {
  const { times, groups, columns } = at;
  const n = times * columns;
  const groupOf = (i: number): number => Math.floor(i / columns) % groups;
  const weightOf = (i: number): number => (at.byColumn ? i % columns : groupOf(i));
  const means = (value: (i: number) => number): Float64Array => {
    const sums = new Float64Array(groups);
    for (let i = 0; i < x.length; i++) sums[groupOf(i)]! += value(i) / n;
    return sums;
  };
  const mean = means(i => x[i]!);
  const variance = means(i => (x[i]! - mean[groupOf(i)]!) ** 2);
  const factor = variance.map(v => 1 / Math.sqrt(v + EPSILON));
  const normed = Float64Array.from(x, (v, i) => (v - mean[groupOf(i)]!) * factor[groupOf(i)]!);
  const g = Float64Array.from(dy, (v, i) => v * gain[weightOf(i)]!);
  const [plain, along] = [means(i => g[i]!), means(i => g[i]! * normed[i]!)];
  const [dGain, dBias] = [new Float64Array(gain.length), new Float64Array(gain.length)];
  for (let i = 0; i < x.length; i++) {
    dGain[weightOf(i)]! += dy[i]! * normed[i]!;
    dBias[weightOf(i)]! += dy[i]!;
  }
  return {
    y: normed.map((v, i) => v * gain[weightOf(i)]! + bias[weightOf(i)]!),
    dx: g.map((v, i) => factor[groupOf(i)]! * (v - plain[groupOf(i)]! - normed[i]! * along[groupOf(i)]!)),
    dGain: at.gain ? [dGain] : [],
    dBias: at.bias ? [dBias] : [],
  };
}

withEachBuild(stock => {
  beforeAll(async () => {
    await install({ optional: true });
  });
  afterAll(uninstall);

  test('values, gradients and second derivatives of small ones, along any axes', () => {
    fc.assert(
      fc.property(settings, fc.nat(), (setting, seed) => {
        const op = opOf(setting);
        const point = pointOf(op, seed);
        expectValue(op, point.inputs);
        expectDerivatives(op, point);
      }),
      runs(40),
    );
  });

  test('values and gradients of large ones, and of ones far from 0', () => {
    fc.assert(
      fc.property(cases, fc.nat(), (any, seed) => {
        // weights of columns are for rows by themselves
        const at = any.byColumn ? { ...any, times: 1, groups: any.groups + any.times } : any;
        const shape = [at.times, at.groups, at.columns];
        fc.pre(sizeOf(shape) < 2e5);
        const weights = at.byColumn ? [at.columns] : [at.groups, 1];
        const x = floats(sizeOf(shape), seed).map(v => v + at.far);
        const dy = floats(x.length, seed + 1);
        const [gain, bias] = [at.gain, at.bias].map((is, i) =>
          floats(sizeOf(weights), seed + 2 + i).map(v => (is ? v + 1.5 : 1 - i)),
        ) as [Float32Array, Float32Array];
        const axes = at.byColumn ? [2] : [0, 2];
        const results = tf.tidy(() => {
          const [g, b] = [tf.tensor(gain, weights), tf.tensor(bias, weights)];
          const f = (x: tf.Tensor, ...more: tf.Tensor[]): tf.Tensor => {
            const [ofGain, ofBias] = [at.gain ? more[0] : undefined, at.bias ? more.at(-1) : undefined];
            return normalize({ x, gain: ofGain, bias: ofBias, axes, epsilon: EPSILON });
          };
          const inputs = [tf.tensor(x, shape), ...(at.gain ? [g] : []), ...(at.bias ? [b] : [])];
          const { value, grads } = byOurs(stock, () =>
            tf.valueAndGrads((...all) => f(all[0]!, ...all.slice(1)) as tf.Scalar)(
              inputs,
              tf.tensor(dy, shape) as unknown as tf.Scalar,
            ),
          );
          return [value, ...grads].map(t => t.dataSync<'float32'>().slice());
        });
        const { y, dx, dGain, dBias } = exactNorm(at, x, dy, gain, bias);
        expectClose(results, [y, dx, ...dGain, ...dBias], at.far > 0 ? 2e-4 : 1e-5);
      }),
      runs(120),
    );
  });

  describe('numbers that are none', () => {
    test.each([
      ['a channel', [0], [3, 2]],
      ['a row', [1], [2, 3]],
    ])('stay in what their statistics are of: %s', (_, axes, shape) => {
      const across = axes[0] === 0;
      const values = across ? [1, Number.NaN, 3, 4, 5, 7] : [1, 3, 5, Number.NaN, 4, 7];
      const x = tf.tensor(values, shape);
      const weights = across ? undefined : tf.ones([3]);
      const f = (x: tf.Tensor): tf.Tensor => normalize({ x, gain: weights, bias: undefined, axes, epsilon: EPSILON });
      const [y, dx] = tf.tidy(() => [f(x), tf.grad(f)(x, tf.tensor(floats(6, SEED), shape))].map(t => t.dataSync()));
      const expected = across ? [false, true, false, true, false, true] : [false, false, false, true, true, true];
      for (const result of [y, dx]) expect(Array.from(result!, Number.isNaN)).toEqual(expected);
      tf.dispose([x, ...(weights ? [weights] : [])]);
    });

    test('a channel of one value has no variance, and 0 for x̂', () => {
      const x = tf.fill([200, 3], 0.1);
      const f = (): Float32Array =>
        normalize({ x, gain: undefined, bias: undefined, axes: [0], epsilon: 1e-3 }).dataSync<'float32'>();
      expectClose([tf.tidy(f)], [new Float64Array(600)], 1e-5);
      x.dispose();
    });
  });
});
