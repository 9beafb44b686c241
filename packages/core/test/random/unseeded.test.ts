/** What takes no seed draws, in a pass, numbers that the seed of the run, the step and the rows decide. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Moment } from '../../src/contract.ts';
import { withNumbersOf } from '../../src/random/unseeded.ts';
import { attach } from '../../src/stock.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const at = (step: number, first = 0): Moment => ({
  step,
  phase: 'train',
  epoch: 0,
  learningRate: 0,
  rows: [first, 64],
  key: () => ({ seed: 0, step, site: 0, draw: 0 }),
});
const drawn = (moment: Moment, seed = 7, count = 40): number[] =>
  withNumbersOf(moment, seed, () => Array.from({ length: count }, () => Math.random()));

test('the same moment and seed give the same numbers in [0, 1); another step, seed or part of the batch gives others', () => {
  const numbers = drawn(at(3));
  expect(drawn(at(3))).toEqual(numbers);
  expect(numbers.every(u => u >= 0 && u < 1)).toBe(true);
  const others = [drawn(at(4)), drawn(at(3, 8)), drawn(at(3), 8)];
  const all = new Set([numbers, ...others].flat());
  expect(all.size).toBe(160);
});

test('Math.random is put back, also after an error, and the numbers of an outer pass go on', () => {
  const { random } = Math;
  expect(() =>
    withNumbersOf(at(1), 1, () => {
      throw new Error('in the pass');
    }),
  ).toThrow('in the pass');
  expect(Math.random).toBe(random);
  const [first, second] = drawn(at(1), 1, 2);
  const [before, inner, after] = withNumbersOf(at(1), 1, () => {
    const one = Math.random();
    return [one, withNumbersOf(at(2), 1, () => Math.random()), Math.random()];
  });
  expect([before, after]).toEqual([first, second]);
  expect(inner).not.toBe(second);
  expect(Math.random).toBe(random);
});

describe('attached to stock fit', () => {
  const train = async (seed: number): Promise<number[]> => {
    const kernelInitializer = tf.initializers.glorotNormal({ seed: 1 });
    const model = tf.sequential({
      layers: [
        tf.layers.dropout({ rate: 0.5, inputShape: [4] }),
        tf.layers.gaussianNoise({ stddev: 0.5 }),
        tf.layers.dense({ units: 1, kernelInitializer }),
      ],
    });
    const reg = attach(model, { optimizer: tf.train.sgd(0.1), seed });
    model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
    const [x, y] = [tf.randomNormal([16, 4], 0, 1, 'float32', 1), tf.ones([16, 1])];
    await model.fit(x, y, { epochs: 2, batchSize: 4, shuffle: false, verbose: 0 });
    reg.dispose();
    return model.getWeights().flatMap(w => [...w.dataSync()]);
  };

  test('TF.js’ own random layers draw by the seed', async () => {
    const first = await train(3);
    expect(await train(3)).toEqual(first);
    expect(await train(4)).not.toEqual(first);
  });
});
