import { DataError, OptionError } from '@keepprob/core';
import { keepProbs } from '@keepprob/dropout';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { compare, weightSpread } from '../../src/index.ts';
import { paired } from '../../src/statistics/paired.ts';
import { effectiveRank, singularValues } from '../../src/weights/singularValues.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const net = (kernel: number[][], activation: 'linear' | 'relu' = 'linear', second: number[][] = [[1], [1]]) =>
  tf.sequential({
    layers: [
      tf.layers.dense({
        units: kernel[0]!.length,
        activation,
        useBias: false,
        inputShape: [kernel.length],
        weights: [tf.tensor2d(kernel)],
        name: 'h',
      }),
      tf.layers.dense({ units: 1, useBias: false, weights: [tf.tensor2d(second)], name: 'out' }),
    ],
  });

describe('singular values', () => {
  const matrix = fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
    .chain(([rows, columns]) =>
      fc.tuple(
        fc.constant([rows, columns] as const),
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: rows * columns, maxLength: rows * columns }),
      ),
    );

  test('law: Σ σ² = ‖A‖², Σ σ⁴ = ‖AᵀA‖², the same for the transpose', () => {
    fc.assert(
      fc.property(matrix, ([[rows, columns], a]) => {
        const sigma = singularValues(a, rows, columns);
        const at = (i: number, j: number): number => a[i * columns + j]!;
        const norm = a.reduce((s, v) => s + v * v, 0);
        let fourth = 0;
        for (let j = 0; j < columns; j++) {
          for (let k = 0; k < columns; k++) {
            let g = 0;
            for (let i = 0; i < rows; i++) g += at(i, j) * at(i, k);
            fourth += g * g;
          }
        }
        expect(sigma).toHaveLength(Math.min(rows, columns));
        expect(Math.abs(sigma.reduce((s, v) => s + v ** 2, 0) - norm)).toBeLessThan(1e-10 * (1 + norm));
        expect(Math.abs(sigma.reduce((s, v) => s + v ** 4, 0) - fourth)).toBeLessThan(1e-10 * (1 + fourth));
        const transposed = Array.from({ length: rows * columns }, (_, i) => at(i % rows, Math.floor(i / rows)));
        const other = singularValues(transposed, columns, rows);
        for (const [i, s] of sigma.entries()) expect(Math.abs(s - other[i]!)).toBeLessThan(1e-6 * (1 + sigma[0]!));
      }),
    );
  });

  test('numbers whose squares underflow are 0, not NaN', () => {
    const a = new Float64Array(35);
    a.set([3e-163, -5], 31);
    expect([...singularValues(a, 7, 5)]).toEqual([expect.closeTo(5, 12), 0, 0, 0, 0]);
  });

  test('of U diag(σ) Vᵀ with rotations U, V they are σ; numpy.linalg.svd of [[1,2,3],[4,5,6]]', () => {
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    const [d, t] = [Math.cos(1.9), Math.sin(1.9)];
    const a = [c * 5 * d + -s * 2 * -t, c * 5 * t + -s * 2 * d, s * 5 * d + c * 2 * -t, s * 5 * t + c * 2 * d];
    expect([...singularValues(a, 2, 2)]).toEqual([expect.closeTo(5, 12), expect.closeTo(2, 12)]);
    expect([...singularValues([1, 2, 3, 4, 5, 6], 2, 3)]).toEqual([
      expect.closeTo(9.508032, 6),
      expect.closeTo(0.77286964, 8),
    ]);
  });

  test('effective rank: n for n equal values, 1 for a rank of 1, 0 for zeros, in between by entropy', () => {
    expect(effectiveRank([2, 2, 2])).toBeCloseTo(3, 12);
    expect(effectiveRank([4, 0, 0])).toBeCloseTo(1, 12);
    expect(effectiveRank([0, 0])).toBe(0);
    expect(effectiveRank([3, 1])).toBeCloseTo(4 / 3 ** 0.75, 12); // exp H(¾, ¼)
  });
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
      /nothing to tell/,
    );
  });
});

describe('compare', () => {
  test('paired: mean, standard error, interval', () => {
    // differences 1, 2, 3: mean 2, error 1/√3, t(2) = 4.3027
    const p = paired([0, 0, 0], [1, 2, 3]);
    expect(p).toMatchObject({ mean: 2, up: 3, direction: 'cannotTell' });
    expect(p.error).toBeCloseTo(1 / Math.sqrt(3), 12);
    expect(p.interval[0]).toBeCloseTo(2 - 4.3027 / Math.sqrt(3), 4);
    expect(paired([0, 0, 0], [2, 2.1, 1.9]).direction).toBe('up');
    expect(paired([1], [1]).direction).toBe('same');
    expect(paired([1], [2]).direction).toBe('cannotTell');
  });

  const scaled = (factor: number, activation: 'linear' | 'relu') => net([[factor, 1.5 * factor]], activation);
  const jitter = [1, 1.01, 0.99, 1.02];

  test('linear models whose norm fell: the claim holds for these', async () => {
    const found = await compare(
      jitter.map(j => scaled(j, 'linear')),
      jitter.map(j => scaled(0.5 * j, 'linear')),
      { names: ['plain', 'dropout'] },
    );
    const norm = found.measures.find(m => m.layer === 'h' && m.measure === 'squaredNorm')!;
    expect(norm.direction).toBe('down');
    expect(norm.a).toBeCloseTo((3.25 * jitter.reduce((s, j) => s + j * j, 0)) / 4, 5);
    expect(found.nonlinear).toEqual([]);
    expect(found.text).toMatch(/fell.*lower in 4 of 4 pairs/);
    expect(found.text).toMatch(/as the lecture says of dropout, in these linear models/);
  });

  test('trained: linear regression with dropout on its input, three data sets: the norm fell, as its minimizer does', async () => {
    const models: tf.LayersModel[][] = [[], []];
    for (const seed of [1, 2, 3]) {
      const x = tf.randomNormal([40, 6], 0, 1, 'float32', seed);
      const y = tf.tidy(() => tf.add(tf.sum(x, 1, true), tf.randomNormal([40, 1], 0, 0.5, 'float32', seed + 9)));
      const plain = tf.sequential({
        layers: [tf.layers.dense({ units: 1, useBias: false, inputShape: [6], kernelInitializer: 'zeros' })],
      });
      const twin = tf.sequential({
        layers: [tf.layers.dense({ units: 1, useBias: false, inputShape: [6], kernelInitializer: 'zeros' })],
      });
      const options = {
        loss: 'meanSquaredError',
        epochs: 60,
        batchSize: 40,
        seed,
        progress: false,
        trainEvaluation: false,
      } as const;
      await fit(plain, { x, y }, { ...options, optimizer: tf.train.sgd(0.1) });
      await fit(keepProbs(twin, {}, { input: 0.5 }), { x, y }, { ...options, optimizer: tf.train.sgd(0.1) });
      models[0]!.push(plain);
      models[1]!.push(twin);
    }
    const found = await compare(models[0]!, models[1]!, { names: ['plain', 'dropout'] });
    expect(found.measures[0]).toMatchObject({ measure: 'squaredNorm', direction: 'down', up: 0 });
    expect(found.text).toMatch(/as the lecture says of dropout, in these linear models/);
  });

  test('ReLU nets whose norm rose: the claim does not hold for these, though what dropout weighs may have fallen', async () => {
    const found = await compare(
      jitter.map(j => net([[2 * j, 2 * j]], 'relu', [[1], [1]])),
      jitter.map(j => net([[0.5 * j, 0.5 * j]], 'relu', [[3], [3]])),
      { data: { x: [[1], [2]] } },
    );
    expect(found.nonlinear).toEqual(['relu']);
    expect(found.text).toMatch(/Σ w² rose/);
    expect(found.text).toMatch(/does not hold for these nets with relu/);
    expect(found.text).toMatch(/Σ w² E h² \(what dropout weighs\) fell/);
    expect(await found.picture()).not.toMatch(/NaN/);
  });

  test('one pair, or pairs that disagree: cannot tell', async () => {
    const one = await compare([scaled(1, 'relu')], [scaled(2, 'relu')]);
    expect(one.text).toMatch(/one pair cannot tell/);
    expect(await one.picture()).not.toMatch(/NaN/);
    const mixed = await compare(
      [1, 1, 1].map(f => scaled(f, 'relu')),
      [0.5, 1.5, 1.1].map(f => scaled(f, 'relu')),
    );
    expect(mixed.text).toMatch(/cannot tell/);
  });

  test('lists that do not pair, models of other shapes, bad options: refused', async () => {
    const m = scaled(1, 'relu');
    await expect(compare([m], [])).rejects.toThrow(OptionError);
    await expect(compare([], [])).rejects.toThrow(/at least one pair/);
    await expect(
      compare(
        [m],
        [
          net([
            [1, 2],
            [3, 4],
          ]),
        ],
      ),
    ).rejects.toThrow(/matrices 1×2, 2×1/);
    await expect(compare([m], [m], { name: 'x' } as never)).rejects.toThrow(/Did you mean `names`/);
  });
});
