import { OptionError } from '@keepprob/core';
import { keepProbs } from '@keepprob/dropout';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { compare } from '../../src/index.ts';
import { ofKernels as net } from '../support/nets.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('compare', () => {
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
    expect(found.text).toMatch(
      /does not hold for these nets with relu, as trained here\. .*optimizer and the activation/,
    );
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
