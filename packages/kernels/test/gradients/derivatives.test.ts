/** Each gradient of ours against differences in float64 and against TF.js' own, on cpu and wasm; and so are its gradients. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { install } from '../../src/gradients.ts';
import { onCpuAndWasm } from '../support/backends.ts';
import {
  curved,
  exactGradients,
  exactSecondDerivatives,
  expectClose,
  fromEach,
  gradients,
  indexIn,
  type Op,
  pointOf,
  secondDerivatives,
  sources,
} from '../support/derivatives.ts';
import { runs, sizeOf } from '../support/numbers.ts';

const size = fc.integer({ min: 1, max: 4 });
const shapeOf = (minLength: number, maxLength: number): fc.Arbitrary<number[]> =>
  fc.array(size, { minLength, maxLength });

const map = (x: Float64Array, f: (v: number) => number): Float64Array => x.map(f);

/** Which axes, at least one. */
const axesOf = (rank: number): fc.Arbitrary<number[]> =>
  fc.uniqueArray(fc.integer({ min: 0, max: rank - 1 }), { minLength: 1, maxLength: rank });

const tile = fc
  .array(fc.tuple(size, fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 5 })
  .map((axes): Op => {
    const [shape, reps] = [axes.map(([n]) => n), axes.map(([, times]) => times)];
    const out = axes.map(([n, times]) => n * times);
    const from = sources(out, place =>
      indexIn(
        shape,
        place.map((at, axis) => at % shape[axis]!),
      ),
    );
    return { shapes: [shape], f: x => tf.tile(x!, reps), exact: x => fromEach(from, at => x![at]!) };
  });

/** Σ or the mean over some axes. */
const reduction = (mean: boolean): fc.Arbitrary<Op> =>
  fc.tuple(shapeOf(1, 4), fc.boolean()).chain(([shape, keepDims]) =>
    axesOf(shape.length).map((axes): Op => {
      const kept = shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
      const n = mean ? sizeOf(shape) / sizeOf(kept) : 1;
      const to = sources(shape, place => indexIn(kept, place));
      return {
        shapes: [shape],
        f: x => (mean ? tf.mean : tf.sum)(x!, axes, keepDims),
        exact(x) {
          const y = new Float64Array(sizeOf(kept));
          for (const [i, at] of to.entries()) y[at]! += x![i]! / n;
          return y;
        },
      };
    }),
  );

/** Of tensors of which each may be repeated along some axes, and may lack leading ones. */
const ofTwo = (
  f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  exact: (a: number, b: number) => number,
): fc.Arbitrary<Op> =>
  fc
    .tuple(
      shapeOf(0, 4),
      fc.array(fc.constantFrom('both', 'a', 'b'), { minLength: 4, maxLength: 4 }),
      fc.nat(4),
      fc.boolean(),
    )
    .map(([out, has, missing, ofA]): Op => {
      const part = (name: string, cut: number): number[] =>
        out.map((n, axis) => (has[axis] === 'both' || has[axis] === name ? n : 1)).slice(cut);
      const cut = Math.min(missing, out.length);
      const [a, b] = [part('a', ofA ? cut : 0), part('b', ofA ? 0 : cut)];
      const full = (ofA ? b : a).map((n, axis) => Math.max(n, (ofA ? a : b)[axis - cut] ?? 1));
      const [fromA, fromB] = [a, b].map(shape => sources(full, place => indexIn(shape, place)));
      return {
        shapes: [a, b],
        f: (x, y) => f(x!, y!),
        exact: (x, y) => fromEach(fromA!, (at, i) => exact(x![at]!, y![fromB![i]!]!)),
      };
    });

const elementwise = (f: (x: tf.Tensor) => tf.Tensor, exact: (v: number) => number): fc.Arbitrary<Op> =>
  shapeOf(0, 4).map(shape => ({ shapes: [shape], f: x => f(x!), exact: x => map(x!, exact) }));

const gather = fc.tuple(shapeOf(1, 3), shapeOf(1, 2), fc.nat(2), fc.nat()).map(([shape, of, axis, seed]): Op => {
  const along = axis % shape.length;
  const n = shape[along]!;
  const indices = Int32Array.from({ length: sizeOf(of) }, (_, i) => (seed + 7 * i) % n);
  const out = [...shape.slice(0, along), ...of, ...shape.slice(along + 1)];
  const from = sources(out, place => {
    const row = indices[indexIn(of, place.slice(along, along + of.length))]!;
    return indexIn(shape, [...place.slice(0, along), row, ...place.slice(along + of.length)]);
  });
  return {
    shapes: [shape],
    f: x => tf.gather(x!, tf.tensor1d(indices).reshape(of), along),
    exact: x => fromEach(from, at => x![at]!),
  };
});

const EPSILON = 0.1;
/** tf.batchNorm with a number for each channel, or for each element. */
const batchNorm = fc.tuple(shapeOf(2, 4), fc.boolean()).map(([shape, byElement]): Op => {
  const of = byElement ? shape : shape.slice(-1);
  const weightOf = sources(shape, place => indexIn(of, place));
  return {
    shapes: [shape, of, of, of, of],
    f: (x, mean, variance, scale, offset) =>
      tf.batchNorm(
        x!,
        mean as tf.Tensor1D,
        tf.square(variance!) as tf.Tensor1D,
        offset as tf.Tensor1D,
        scale as tf.Tensor1D,
        EPSILON,
      ),
    exact: (x, mean, variance, scale, offset) =>
      fromEach(
        weightOf,
        (at, i) => ((x![i]! - mean![at]!) * scale![at]!) / Math.sqrt(variance![at]! ** 2 + EPSILON) + offset![at]!,
      ),
  };
});

const cases: Readonly<Record<string, fc.Arbitrary<Op>>> = {
  Tile: tile,
  Sum: reduction(false),
  Mean: reduction(true),
  Multiply: ofTwo(tf.mul, (a, b) => a * b),
  SquaredDifference: ofTwo(tf.squaredDifference, (a, b) => (a - b) ** 2),
  Square: elementwise(tf.square, v => v * v),
  // away from the kinks of random numbers: those are tested by themselves
  Relu: elementwise(
    x => tf.relu(tf.mul(x, tf.abs(x))),
    v => Math.max(0, v * Math.abs(v)),
  ),
  ClipByValue: elementwise(
    x => tf.clipByValue(tf.mul(x, x), 0, 5),
    v => v * v,
  ),
  GatherV2: gather,
  FusedBatchNorm: batchNorm,
};

onCpuAndWasm(() => {
  describe.each(Object.entries(cases))('%s', (name, ops) => {
    test('the gradient is that of differences in float64, and of stock', async () => {
      const stock: { op: Op; seed: number; gradients: Float32Array[] | undefined }[] = [];
      const property = fc.property(ops, fc.nat(), (op, seed) => {
        stock.push({ op, seed, gradients: attempt(() => gradients(op, pointOf(op, seed))) });
      });
      fc.assert(property, runs(120));
      expect((await install()).gradients).toContain(name);
      for (const { op, seed, gradients: theirs } of stock) {
        const point = pointOf(op, seed);
        const ours = gradients(op, point);
        expectClose(ours, exactGradients(op, point), 2e-5);
        if (theirs) expectClose(ours, theirs, 1e-5);
      }
    });

    test('so is its gradient', async () => {
      await install();
      const before = tf.memory().numTensors;
      const property = fc.property(ops, fc.nat(), (op, seed) => {
        const [bent, point] = [curved(op), pointOf(op, seed)];
        expectClose(secondDerivatives(bent, point), exactSecondDerivatives(bent, point), 2e-4);
      });
      fc.assert(property, runs(60));
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});

/** What it gives; undefined where it throws. */
function attempt<T>(f: () => T): T | undefined {
  try {
    return f();
  } catch {
    return undefined;
  }
}
