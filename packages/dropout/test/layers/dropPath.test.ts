import { OptionError } from '@keepprob/core';
import { keepBits } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { dropPath, linearDepth } from '../../src/index.ts';
import { train } from '../support/layers.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const bits = (rows: number): number[] => [...keepBits([rows], 0.5, { seed: 1, step: 0, site: 0, draw: 0 }, [0, rows])];

test('whole samples are dropped or divided by keepProb, one draw for each', () => {
  expect(new Set(bits(16))).toEqual(new Set([0, 1]));
  for (const rest of [[], [3], [2, 3], [2, 2, 3]]) {
    const y = train(dropPath({ keepProb: 0.5, seed: 1 }), tf.ones([16, ...rest]));
    const each = y.size / 16;
    expect([...y.dataSync()]).toEqual(bits(16).flatMap(bit => Array(each).fill(2 * bit)));
  }
});

test.each([0.5, 0.7])('scaleByKeep: false leaves what is kept as it is, to the bit, with keepProb %s', keepProb => {
  const x = tf.randomNormal([32, 2, 3], 0, 1, 'float32', 7);
  const [scaled, plain] = [true, false].map(scaleByKeep => train(dropPath({ keepProb, scaleByKeep, seed: 1 }), x));
  const isKept = [...tf.step(tf.abs(scaled!)).dataSync()];
  expect(new Set(isKept)).toEqual(new Set([0, 1]));
  expect([...plain!.dataSync()]).toEqual([...x.dataSync()].map((value, i) => value * isKept[i]!));
  const layer = dropPath({ keepProb, scaleByKeep: false, seed: 1 });
  const gradient = tf.grad(t => tf.sum(train(layer, t)))(x);
  expect([...gradient.dataSync()]).toEqual(isKept);
  expect([...(layer.apply(x) as tf.Tensor).dataSync()]).toEqual([...x.dataSync()]);
});

test('behind a residual branch: a dropped sample passes as it is, and its branch gets no gradient', () => {
  const input = tf.input({ shape: [2] });
  const branch = tf.layers.dense({ units: 2, useBias: false, kernelInitializer: 'ones' }); // the sum, twice
  const dropped = dropPath({ keepProb: 0.5, seed: 1 });
  const inner = dropped.apply(branch.apply(input)) as tf.SymbolicTensor;
  const model = tf.model({ inputs: input, outputs: tf.layers.add().apply([input, inner]) as tf.SymbolicTensor });
  const x = tf.tensor2d(Array.from({ length: 16 }, (_, row) => [row, 1]));
  const y = model.apply(x, { training: true }) as tf.Tensor;
  const sums = bits(16).map((bit, row) => 2 * bit * (row + 1));
  expect(y.arraySync()).toEqual(sums.map((sum, row) => [row + sum, 1 + sum]));
  dropped.reset();
  const gradient = tf.grad(t => tf.sum(model.apply(t, { training: true }) as tf.Tensor))(x);
  expect(gradient.arraySync()).toEqual(bits(16).map(bit => [1 + 4 * bit, 1 + 4 * bit]));
  expect((model.predict(x) as tf.Tensor).arraySync()).toEqual(
    Array.from({ length: 16 }, (_, row) => [2 * row + 1, row + 2]),
  );
});

describe('linearDepth', () => {
  test('54 blocks down to .5 keep 40.25 on average', () => {
    const keepProbs = linearDepth({ blocks: 54 });
    expect(keepProbs.reduce((a, b) => a + b)).toBeCloseTo(40.25, 10);
    expect(keepProbs.at(-1)).toBe(0.5);
    expect(keepProbs[0]).toBeCloseTo(1 - 0.5 / 54, 12);
  });
  test('falls evenly from block 1 to `lastKeepProb`, and every value is a keepProb', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.double({ min: 1e-3, max: 1, noNaN: true }), (blocks, last) => {
        const keepProbs = linearDepth({ blocks, lastKeepProb: last });
        expect(keepProbs.length).toBe(blocks);
        expect(keepProbs.at(-1)).toBeCloseTo(last, 12);
        for (const [i, keepProb] of keepProbs.entries()) {
          expect(keepProb > 0 && keepProb <= 1).toBe(true);
          expect((keepProbs[i - 1] ?? 1) - keepProb).toBeCloseTo((1 - last) / blocks, 12);
        }
      }),
    );
  });
  test.each([
    { blocks: 0 },
    { blocks: 1.5 },
    { blocks: 3, lastKeepProb: 0 },
    { blocks: 3, lastKeepProb: 1.1 },
    { block: 3 },
  ])('%j is refused', options => expect(() => linearDepth(options as never)).toThrow(OptionError));
});
