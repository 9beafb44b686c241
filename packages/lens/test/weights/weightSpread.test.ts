import { DataError, OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { weightSpread } from '../../src/index.ts';
import { ofKernels as net } from '../support/nets.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('weightSpread', () => {
  test('norms, participation and shares of a matrix that is easy by hand', async () => {
    const found = await weightSpread(
      net([
        [3, 0],
        [4, 2],
        [0, 0],
      ]),
    );
    const [h, out] = found.matrices;
    expect(h).toMatchObject({
      layer: 'h',
      inputs: 3,
      units: 2,
      squaredNorm: 29,
      activations: null,
      activationWeightedNorm: null,
    });
    // shares 9/25, 16/25 and 1
    expect(h!.participation[0]).toBeCloseTo(625 / (81 + 256), 10);
    expect(h!.participation[1]).toBe(1);
    expect([...h!.largestShare]).toEqual([0.64, 1]);
    expect(h!.meanLargestShare).toBeCloseTo(0.82, 12);
    expect(out!.meanParticipation).toBe(2);
    expect(out!.effectiveRank).toBeCloseTo(1, 10);
    expect(found.squaredNorm).toBe(31);
    expect(found.text).toMatch(/Without data/);
  });

  test('with data: exact zeros, sparsity, and Σ w² E h², over rows however they are cut', async () => {
    const model = net(
      [
        [1, -1],
        [0, 1],
      ],
      'relu',
    );
    const x = [
      [1, 0],
      [2, 3],
    ];
    // hidden [1, 0] and [2, 1]
    const found = await weightSpread(model, { x });
    const [h, out] = found.matrices;
    expect(h!.activations!.zeros).toBeCloseTo(1 / 4, 7);
    const hoyer = (Math.SQRT2 - 3 / Math.sqrt(5)) / (Math.SQRT2 - 1);
    expect(h!.activations!.sparsity).toBeCloseTo((1 + hoyer) / 2, 6);
    expect(h!.activationWeightedNorm).toBeCloseTo(2 * 2.5 + 1 * 4.5, 6);
    expect(out!.activationWeightedNorm).toBeCloseTo(2.5 + 0.5, 6);
    const many = await weightSpread(model, { x: Array.from({ length: 1200 }, (_, i) => x[i % 2]!) });
    expect(many.matrices[0]!.activations!.sparsity).toBeCloseTo(h!.activations!.sparsity, 5);
    expect(many.rows).toBe(1200);
  });

  test('convolutions and recurrent layers: units are filters; both matrices of a cell', async () => {
    const conv = tf.sequential({
      layers: [tf.layers.conv2d({ filters: 3, kernelSize: 2, inputShape: [4, 4, 2], kernelInitializer: 'ones' })],
    });
    const [matrix] = (await weightSpread(conv, { x: tf.ones([1, 4, 4, 2]) })).matrices;
    expect(matrix).toMatchObject({
      inputs: 8,
      units: 3,
      squaredNorm: 24,
      meanParticipation: 8,
      activationWeightedNorm: null,
    });
    const rnn = tf.sequential({ layers: [tf.layers.simpleRNN({ units: 3, inputShape: [5, 2] })] });
    expect((await weightSpread(rnn, { x: tf.ones([2, 5, 2]) })).matrices.map(m => [m.role, m.inputs, m.units])).toEqual(
      [
        ['kernel', 2, 3],
        ['recurrent', 3, 3],
      ],
    );
  });

  test('leaves no tensor, on errors neither; NaN and an unbuilt model are refused; no matrix is said', async () => {
    const model = net([[1, 2]]);
    const x = tf.ones([3, 1]);
    await weightSpread(model, { x });
    const before = tf.memory().numTensors;
    await weightSpread(model, { x });
    await expect(weightSpread(model, { x: [[Number.NaN]] })).rejects.toThrow(DataError);
    await expect(weightSpread(model, {} as never)).rejects.toThrow(/\{ x \}/);
    expect(tf.memory().numTensors).toBe(before);
    await expect(weightSpread(net([[Number.NaN, 1]]))).rejects.toThrow(/finite weights/);
    await expect(weightSpread(tf.sequential())).rejects.toThrow(OptionError);
    expect((await weightSpread(tf.sequential({ layers: [tf.layers.flatten({ inputShape: [2, 1] })] }))).text).toMatch(
      /nothing to report/,
    );
  });
});
