/** Weight norm, spectral norm, clips by unit, averages and the penalty of concrete dropout as one kernel, against the operations that compute them on cpu, and their second derivatives. */
import { blend } from '@keepprob/averaging';
import { openRun } from '@keepprob/core/driver';
import {
  BLEND_KERNEL,
  CLIP_UNITS_KERNEL,
  CONCRETE_PENALTY_GRAD_KERNEL,
  CONCRETE_PENALTY_KERNEL,
  GROUP_NORM_GRAD_KERNEL,
  GROUP_NORM_KERNEL,
  POWER_ITERATION_KERNEL,
  SPECTRAL_NORM_GRAD_KERNEL,
  SPECTRAL_NORM_KERNEL,
  WEIGHT_NORM_GRAD_KERNEL,
  WEIGHT_NORM_KERNEL,
} from '@keepprob/core/kernels';
import { concretePenalty } from '@keepprob/dropout';
import { clipToWeights } from '@keepprob/gradients';
import { groupLasso, groupNorm } from '@keepprob/l1';
import { divideBySpectralNorm, normalizeWeight, powerIteration } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { onCpu, withEachBuild } from '../support/builds.ts';
import { counted } from '../support/counted.ts';
import { expectAlike, floats, runs, sizeOf } from '../support/numbers.ts';

const size = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(16, 17, 33));
/** Weights of one to four axes, of which the last is that of the units; and whether a unit of them is zero. */
const weights = fc.record({
  shape: fc.array(size, { minLength: 1, maxLength: 4 }).filter(shape => sizeOf(shape) < 5000),
  hasZeros: fc.boolean(),
  seed: fc.nat(9999),
});
const axesOf = (shape: readonly number[]): number[] => [...shape.keys()].slice(0, -1);

/** The second unit is zero, where there are two. */
function weightOf({ shape, hasZeros, seed }: { shape: number[]; hasZeros: boolean; seed: number }): Float32Array {
  const units = shape.at(-1)!;
  return floats(sizeOf(shape), seed).map((v, i) => (hasZeros && units > 1 && i % units === 1 ? 0 : v));
}
const read = (of: readonly tf.Tensor[]): Float32Array[] => of.map(t => t.dataSync<'float32'>().slice());

withEachBuild(() => {
  test('the norm of groups and its gradient; a unit of zeros has none', () => {
    fc.assert(
      fc.property(
        weights.filter(({ shape }) => shape.length > 1),
        given => {
          const { shape } = given;
          const compute = (): Float32Array[] =>
            tf.tidy(() => {
              const f = (w: tf.Tensor): tf.Tensor => tf.mul(groupNorm(w, axesOf(shape)), -1.5);
              const { value, grad } = tf.valueAndGrad(f)(tf.tensor(weightOf(given), shape));
              return read([value, grad]);
            });
          const ours = counted({ [GROUP_NORM_KERNEL]: 1, [GROUP_NORM_GRAD_KERNEL]: 1 }, compute);
          expectAlike(ours, onCpu(compute), 1e-4);
        },
      ),
      runs(200),
    );
  });

  test('group lasso is one kernel for all weights each way, and cpu’s penalty', () => {
    const compute = (): Float32Array[] =>
      tf.tidy(() => {
        const model = tf.sequential({
          layers: [
            tf.layers.dense({
              units: 5,
              inputShape: [7],
              kernelInitializer: tf.initializers.glorotUniform({ seed: 3 }),
            }),
            tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotUniform({ seed: 4 }) }),
          ],
        });
        const optimizer = tf.train.sgd(0.1);
        const run = openRun(model, [groupLasso(0.3)], { host: 'fit', optimizer, seed: 1, epoch: () => 0 });
        const { gradients } = run.penaltyGradients(run.weights, run.moment('train', { rows: [0, 1] }));
        const results = read([...gradients.values()]);
        run.dispose();
        model.dispose();
        optimizer.dispose();
        return results;
      });
    const ours = counted({ [GROUP_NORM_KERNEL]: 1, [GROUP_NORM_GRAD_KERNEL]: 1 }, compute);
    expect(ours.map(g => g.length)).toEqual([35, 5]);
    expectAlike(ours, onCpu(compute), 1e-5);
  });

  test('weight norm and its gradients', () => {
    fc.assert(
      fc.property(
        weights.filter(({ shape }) => shape.length > 1),
        given => {
          const { shape, seed } = given;
          const units = shape.at(-1)!;
          const compute = (): Float32Array[] =>
            tf.tidy(() => {
              const v = tf.tensor(weightOf(given), shape);
              const g = tf.tensor(floats(units, seed + 1), [...axesOf(shape).map(() => 1), units]);
              const f = (v: tf.Tensor, g: tf.Tensor): tf.Tensor => normalizeWeight(v, g, axesOf(shape));
              return read([f(v, g), ...tf.grads(f)([v, g], tf.tensor(floats(v.size, seed + 2), shape))]);
            });
          const ours = counted({ [WEIGHT_NORM_KERNEL]: 2, [WEIGHT_NORM_GRAD_KERNEL]: 1 }, compute);
          expectAlike(ours, onCpu(compute), 1e-4);
        },
      ),
      runs(200),
    );
  });

  test('power iteration, spectral norm and its gradient', () => {
    fc.assert(
      fc.property(
        weights.filter(({ shape }) => shape.length > 1),
        fc.integer({ min: 1, max: 3 }),
        (given, iterations) => {
          const { shape, seed } = given;
          const units = shape.at(-1)!;
          const compute = (): Float32Array[] =>
            tf.tidy(() => {
              const w = tf.tensor(weightOf(given), shape);
              const u = tf.tensor1d(floats(units, seed + 1));
              const moved = powerIteration(tf.reshape(w, [-1, units]) as tf.Tensor2D, u, iterations);
              const f = (w: tf.Tensor): tf.Tensor => divideBySpectralNorm(w, moved, axesOf(shape));
              return read([moved, f(w), tf.grad(f)(w, tf.tensor(floats(w.size, seed + 2), shape))]);
            });
          const kernels = {
            [POWER_ITERATION_KERNEL]: 1,
            [SPECTRAL_NORM_KERNEL]: 2,
            [SPECTRAL_NORM_GRAD_KERNEL]: 1,
          };
          // of one input, W u may cancel to next to nothing, by which all is divided
          expectAlike(counted(kernels, compute), onCpu(compute), 1e-2);
        },
      ),
      runs(200),
    );
  });

  test('NaN in a kernel comes out of its spectral norm and of the gradient', () => {
    const compute = (): Float32Array[] =>
      tf.tidy(() => {
        const w = tf.tensor2d([
          [Number.NaN, 1],
          [2, 3],
        ]);
        const f = (w: tf.Tensor): tf.Tensor => divideBySpectralNorm(w, tf.tensor1d([0.6, 0.8]), [0]);
        return read([f(w), tf.grad(f)(w, tf.ones([2, 2]))]);
      });
    const ours = counted({ [SPECTRAL_NORM_KERNEL]: 2, [SPECTRAL_NORM_GRAD_KERNEL]: 1 }, compute);
    expect(ours.flatMap(values => [...values])).toEqual(Array(8).fill(Number.NaN));
  });

  test('a kernel of zeros stays zero, and leaves u as it is', () => {
    const [moved, y] = counted({ [POWER_ITERATION_KERNEL]: 1, [SPECTRAL_NORM_KERNEL]: 1 }, () =>
      tf.tidy(() => {
        const [w, u] = [tf.zeros([3, 2]) as tf.Tensor2D, tf.tensor1d([0.6, 0.8])];
        return read([powerIteration(w, u, 2), divideBySpectralNorm(w, u, [0])]);
      }),
    );
    expectAlike([moved!, y!], [Float32Array.of(0.6, 0.8), new Float32Array(6)], 0);
  });

  test('second derivatives of weight norm, spectral norm and the penalty, as on cpu', () => {
    const compute = (): Float32Array[] =>
      tf.tidy(() => {
        const [w, g] = [tf.tensor2d(floats(12, 1), [4, 3]), tf.tensor2d(floats(3, 2), [1, 3])];
        const [u, L] = [tf.tensor1d([0.6, 0, 0.8]), tf.tensor1d([-0.7])];
        const options = { weightRegularizer: 0.3, dropoutRegularizer: 0.2 };
        const twice = (f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): tf.Tensor =>
          tf.grad((x: tf.Tensor) => tf.sum(tf.square(tf.grad((x: tf.Tensor) => tf.sum(tf.square(f(x))))(x))))(x);
        return read([
          twice(v => normalizeWeight(v, g, [0]), w),
          twice(g => normalizeWeight(w, g, [0]), g),
          twice(w => divideBySpectralNorm(w, u, [0]), w),
          twice(L => concretePenalty(L, [w], 5, options), L),
          twice(w => concretePenalty(L, [w], 5, options), w),
        ]);
      });
    expectAlike(compute(), onCpu(compute), 1e-4);
  });

  test('gradients clipped by unit, or as one where a weight has no units', () => {
    fc.assert(
      fc.property(
        weights,
        fc.boolean(),
        fc.double({ min: 0.01, max: 3, noNaN: true }),
        fc.constantFrom(1e-3, 0.5),
        (given, asOne, lambda, epsilon) => {
          const { shape, seed } = given;
          const axes = asOne || shape.length === 1 ? [] : axesOf(shape);
          const compute = (): Float32Array[] =>
            tf.tidy(() => {
              const [w, g] = [tf.tensor(weightOf(given), shape), tf.tensor(floats(sizeOf(shape), seed + 1), shape)];
              return read([clipToWeights(g, w, lambda, epsilon, axes)]);
            });
          expectAlike(counted({ [CLIP_UNITS_KERNEL]: 1 }, compute), onCpu(compute));
        },
      ),
      runs(200),
    );
    const NaNs = tf.tidy(() => [
      ...clipToWeights(tf.tensor1d([Number.NaN, 1]), tf.tensor1d([1, 1]), 0.1, 1e-3, []).dataSync(),
    ]);
    expect(NaNs).toEqual([Number.NaN, Number.NaN]);
  });

  test('averages', () => {
    for (const n of [0, 1, 3, 4, 5, 17]) {
      const compute = (): Float32Array[] =>
        tf.tidy(() => read([blend(tf.tensor1d(floats(n, 1)), tf.tensor1d(floats(n, 2)), 0.9)]));
      expectAlike(counted({ [BLEND_KERNEL]: 1 }, compute), onCpu(compute), 1e-6);
    }
  });

  test('the penalty of concrete dropout and its gradients, for any rate and any kernels', () => {
    const cases = fc.record({
      logit: fc.oneof(fc.double({ min: -5, max: 5, noNaN: true }), fc.constantFrom(-80, 80)),
      sizes: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 3 }),
      ...{ weightRegularizer: fc.constantFrom(0, 0.3), dropoutRegularizer: fc.constantFrom(0, 0.2) },
      seed: fc.nat(999),
    });
    fc.assert(
      fc.property(cases, ({ logit, sizes, seed, ...factors }) => {
        // e^80 has no place in a penalty on weights
        const options = Math.abs(logit) > 5 ? { ...factors, weightRegularizer: 0 } : factors;
        const compute = (): Float32Array[] =>
          tf.tidy(() => {
            const all = [tf.tensor1d([logit]), ...sizes.map((n, i) => tf.tensor1d(floats(n, seed + i)))];
            const f = (L: tf.Tensor, ...kernels: tf.Tensor[]): tf.Tensor => concretePenalty(L, kernels, 4, options);
            const { value, grads } = tf.valueAndGrads(f as (...args: tf.Tensor[]) => tf.Tensor)(all);
            return read([value, ...grads]);
          });
        const kernels = { [CONCRETE_PENALTY_KERNEL]: 1, [CONCRETE_PENALTY_GRAD_KERNEL]: 1 };
        expectAlike(counted(kernels, compute), onCpu(compute), 2e-5);
      }),
      runs(200),
    );
  });
});
