import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { baselineOf } from '../../src/diagnose/baseline.ts';
import { loss, net } from '../support/nets.ts';
import { network } from '../support/planted.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('what a guess loses', () => {
  const model = () => net();
  const y = [[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]; // biome-ignore format: a matrix
  const x = tf.zeros([4, 5]);
  test('entropy of the labels, variance of the labels; nothing for others', async () => {
    const entropy = 0.5 * Math.log(2) + 2 * 0.25 * Math.log(4);
    expect(await baselineOf('t', model(), { x, y }, loss)).toBeCloseTo(entropy, 6);
    expect(await baselineOf('t', model(), { x, y: [0, 0, 1, 2] }, 'sparseCategoricalCrossentropy')).toBeCloseTo(
      entropy,
      6,
    );
    // columns: variances ¼, 3/16, 3/16
    expect(await baselineOf('t', model(), { x, y }, 'meanSquaredError')).toBeCloseTo((0.25 + 0.375) / 3, 6);
    const binary = network(4, 0, 1);
    expect(await baselineOf('t', binary, { x: tf.zeros([4, 4]), y: [[1], [0], [0], [0]] }, 'binaryCrossentropy')).toBeCloseTo(0.25 * Math.log(4) + 0.75 * Math.log(4 / 3), 6); // biome-ignore format: one thought
    expect(await baselineOf('t', model(), { x, y }, 'hinge')).toBeNull();
  });
});
