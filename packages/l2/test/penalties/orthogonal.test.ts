import { readFileSync } from 'node:fs';
import { OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { meanCosine, orthogonal, softOrthogonality } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const oracle = JSON.parse(readFileSync(new URL('../oracle/orthogonal.json', import.meta.url), 'utf8')) as {
  W: number[][];
  columnsL2: number;
};

test('orthogonality of columns is Keras’ number', () => {
  expect(meanCosine(tf.tensor2d(oracle.W), [0]).dataSync()[0]).toBeCloseTo(oracle.columnsL2, 6);
});
test('one unit has no pair; rows are units where fan-in is axis 1', () => {
  expect(meanCosine(tf.ones([3, 1]), [0]).dataSync()[0]).toBe(0);
  expect(meanCosine(tf.transpose(tf.tensor2d(oracle.W)), [1]).dataSync()[0]).toBeCloseTo(oracle.columnsL2, 6);
});
test('‖WᵀW − I‖²', () => {
  expect(softOrthogonality(tf.eye(3), [0]).dataSync()[0]).toBe(0);
  // WᵀW = [[4, 2], [2, 2]]: 3² + 2² + 2² + 1²
  expect(softOrthogonality(tf.tensor2d([[2, 1], [0, 1]]), [0]).dataSync()[0]).toBe(18); // biome-ignore format: a matrix
});
test.each<() => unknown>([() => orthogonal({ mode: 'hard' as never }), () => orthogonal({ strength: -1 })])(
  'bad options %#',
  f => expect(f).toThrow(OptionError),
);
test("of: 'inputs' is Keras’ mode 'rows': the same of the transposed kernel", async () => {
  const kernel = tf.tensor2d([[1, 0, 0], [0, 2, 0], [3, 0, 0], [0, 0, 1]]); // biome-ignore format: a matrix
  const variable = tf.variable(kernel);
  const weight = { variable, path: 'w', layer: 'w', role: 'kernel', fanInAxes: [0], trainable: true } as const;
  const at = { step: 0, phase: 'train', epoch: 0, learningRate: 1, rows: [0, 1], key: () => ({}) } as never;
  const penalty = (options: Parameters<typeof orthogonal>[0]) =>
    orthogonal(options).setup({ host: 'fit', site: 0 }).penalty!([weight], at).dataSync()[0];
  expect(penalty({ strength: 1, of: 'inputs' })).toBeCloseTo(1 / 6, 6); // one of six pairs of rows is parallel
  expect(penalty({ strength: 1 })).toBe(0);
});
