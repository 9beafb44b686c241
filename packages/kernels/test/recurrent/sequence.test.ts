/** Recurrent layers as one operation, against their definitions in float64: values, gradients by all inputs, and second derivatives. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CellName, Inputs, Masks } from '../../src/wasm/recurrent/names.ts';
import { sequence } from '../../src/wasm/recurrent/sequence.ts';
import { byOurs, withEachBuild } from '../support/builds.ts';
import {
  exactGradients,
  exactSecondDerivatives,
  expectClose,
  gradients,
  type Op,
  pointOf,
  secondDerivatives,
} from '../support/derivatives.ts';
import { expectSame, floats, runs, sizeOf } from '../support/numbers.ts';
import { cellNames, exactSequence, inputsOf, masksOf, type Setting, shapesOf } from '../support/recurrent.ts';

const settings = (cell: CellName, largest: number): fc.Arbitrary<Setting> => {
  const size = fc.integer({ min: 1, max: largest });
  const flags = { hard: fc.boolean(), backwards: fc.boolean(), all: fc.boolean(), states: fc.boolean() };
  const dropsCarry = cell === 'GRU' ? fc.boolean() : fc.constant(false);
  return fc.record({
    cell: fc.constant(cell),
    batch: size,
    time: size,
    features: size,
    units: size,
    bias: fc.boolean(),
    masked: fc.boolean(),
    dropped: fc.boolean(),
    options: fc.record({ ...flags, dropsCarry }),
  });
};

/** What is no input of the op: no gradient is taken by it. */
function fixedOf(setting: Setting): Masks {
  const { mask, drop } = masksOf(setting);
  const { batch, time, units } = setting;
  return {
    ...(mask ? { mask: tf.tensor(mask, [batch, time]) } : {}),
    ...(drop ? { drop: tf.tensor(drop, [batch, units]) } : {}),
  };
}

const opOf = (setting: Setting): Op => ({
  shapes: shapesOf(setting),
  f: (...values) => {
    const results = sequence(setting.cell, inputsOf(setting, values) as Inputs, setting.options, fixedOf(setting));
    return tf.concat(results.map(t => tf.reshape(t, [t.size])));
  },
  exact: (...values) => exactSequence(setting, values),
});

/**
 * Numbers of both signs, of a size at which some gates are clipped. The recurrent kernel, the third of them, does not enlarge a state: else the rounding
 * of one step would grow with every step, in any arithmetic.
 */
const valuesOf = (setting: Setting, seed: number): Float32Array[] =>
  shapesOf(setting).map((shape, i) => {
    const scale = i === 2 ? 1 / Math.sqrt(setting.units) : 1.5;
    return floats(sizeOf(shape), seed + i).map(v => v * scale);
  });

function resultsOf(setting: Setting, values: readonly Float32Array[], taped: boolean): Float32Array {
  return tf.tidy(() => {
    const tensors = values.map((v, i) => tf.tensor(v, [...shapesOf(setting)[i]!]));
    const { f } = opOf(setting);
    if (!taped) return f(...tensors).dataSync<'float32'>();
    return tf
      .valueAndGrads((...xs: tf.Tensor[]) => f(...xs) as tf.Scalar)(
        tensors,
        tf.zeros([
          exactSequence(
            setting,
            values.map(v => Float64Array.from(v)),
          ).length,
        ]) as tf.Scalar,
      )
      .value.dataSync<'float32'>();
  });
}

withEachBuild(stock => {
  describe.each(cellNames)('%s', cell => {
    test('gives what its definition says, the same bits with and without a gradient', () => {
      fc.assert(
        fc.property(settings(cell, 20), fc.nat(), (setting, seed) => {
          const values = valuesOf(setting, seed);
          const actual = byOurs(stock, () => resultsOf(setting, values, false));
          const exact = exactSequence(
            setting,
            values.map(v => Float64Array.from(v)),
          );
          expectClose([actual], [exact], 4e-6);
          expectSame(resultsOf(setting, values, true), actual);
        }),
        runs(60),
      );
    });

    test('has the gradients of its definition', () => {
      fc.assert(
        fc.property(settings(cell, 5), fc.nat(), (setting, seed) => {
          const op = opOf(setting);
          const point = pointOf(op, seed);
          expectClose(gradients(op, point), exactGradients(op, point), 1e-5);
        }),
        runs(60),
      );
    });

    test('has the second derivatives of its definition', () => {
      fc.assert(
        fc.property(settings(cell, 3), fc.nat(), (setting, seed) => {
          const op = opOf(setting);
          const point = pointOf(op, seed);
          expectClose(secondDerivatives(op, point), exactSecondDerivatives(op, point), 1e-4);
        }),
        runs(20),
      );
    });

    test('computes each row of a batch by itself', () => {
      fc.assert(
        fc.property(settings(cell, 40), fc.nat(), (any, seed) => {
          // masks are of the whole batch
          const setting = { ...any, masked: false, dropped: false, options: { ...any.options, states: false } };
          const [x, w, u, ...rest] = valuesOf(setting, seed);
          const { batch } = setting;
          const isOfRows = (i: number): boolean => i === 0 || (i >= 3 && i < (cell === 'LSTM' ? 5 : 4));
          const whole = resultsOf(setting, [x!, w!, u!, ...rest], false);
          const row = seed % batch;
          const own = [x!, w!, u!, ...rest].map((v, i) =>
            isOfRows(i) ? v.slice((row * v.length) / batch, ((row + 1) * v.length) / batch) : v,
          );
          const alone = resultsOf({ ...setting, batch: 1 }, own, false);
          expectSame(alone, whole.slice(row * alone.length, (row + 1) * alone.length));
        }),
        runs(40),
      );
    });
  });

  test('more units than a block of the product holds', () => {
    const options = { hard: false, backwards: true, all: true, states: true };
    for (const cell of cellNames) {
      const more = { bias: true, masked: true, dropped: true };
      const setting = { cell, batch: 2, time: 2, features: 2, units: 420, ...more, options };
      const values = shapesOf(setting).map((shape, i) => floats(sizeOf(shape), i).map(v => v / 20));
      const exact = exactSequence(
        setting,
        values.map(v => Float64Array.from(v)),
      );
      expectClose([resultsOf(setting, values, false)], [exact], 1e-6);
      const tensors = (): tf.Tensor[] => values.map((v, i) => tf.tensor(v, [...shapesOf(setting)[i]!]));
      const { f, shapes } = opOf(setting);
      // along one direction, in float64
      const directions = shapes.map((shape, i) => floats(sizeOf(shape), 50 + i));
      const [slope, ...left] = tf.tidy(() => {
        const grads = tf.grads((...xs: tf.Tensor[]) => tf.sum(f(...xs)))(tensors());
        const products = grads.map((g, i) => tf.sum(tf.mul(g, tf.tensor(directions[i]!, g.shape))));
        return [tf.addN(products).dataSync()[0]!];
      });
      const at = (h: number): number =>
        exactSequence(
          setting,
          values.map((v, i) => Float64Array.from(v).map((value, j) => value + h * directions[i]![j]!)),
        ).reduce((a, b) => a + b, 0);
      const expected = (at(1e-6) - at(-1e-6)) / 2e-6;
      expect(left).toEqual([]);
      expect(Math.abs(slope! - expected)).toBeLessThan(1e-4 * Math.max(1, Math.abs(expected)));
    }
  });
});
