/** NaN, infinities, zeros of both signs, kinks, sizes of 0, ranks and settings that stock refuses. */
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { install } from '../../src/gradients.ts';
import { onCpuAndWasm } from '../support/backends.ts';

const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1, -1, 2, 1e-45, 3e38, 5, -7];

type Case = [name: string, f: (x: tf.Tensor) => tf.Tensor, x: () => tf.Tensor];
const oddly =
  (shape: number[]): (() => tf.Tensor) =>
  () =>
    tf.tensor(odd, shape);
const cases: Case[] = [
  ['tile', x => tf.tile(x, [1, 1]), oddly([3, 4])],
  ['tile of repetitions', x => tf.tile(x, [2, 1]), oddly([3, 4])],
  ['sum', x => tf.sum(x, 1), oddly([3, 4])],
  ['mean of all', x => tf.mean(x), oddly([12])],
  ['a product', x => tf.mul(x, tf.tensor([2, Number.NaN, 0, -0], [4])), oddly([3, 4])],
  ['a product of integers', x => tf.mul(tf.tensor([2, 3], [2], 'int32'), x), oddly([6, 2])],
  ['a square', x => tf.square(x), oddly([12])],
  ['relu', x => tf.relu(x), oddly([12])],
  ['clip, at its bounds and beyond', x => tf.clipByValue(x, 0, 2), oddly([12])],
  ['clip below', x => tf.clipByValue(x, -1, Number.POSITIVE_INFINITY), oddly([12])],
  ['sum over an axis of 1', x => tf.sum(x, 1), oddly([12, 1])],
  ['tile of nothing', x => tf.tile(x, [2, 3]), () => tf.zeros([0, 3])],
  ['tile no times', x => tf.tile(x, [0, 1]), () => tf.ones([2, 2])],
  ['sum of nothing', x => tf.sum(x, 0), () => tf.zeros([0, 3])],
  ['a product of nothing', x => tf.mul(x, tf.ones([1, 3])), () => tf.zeros([0, 3])],
  ['relu of nothing', x => tf.relu(x), () => tf.zeros([0])],
  ['clip of nothing', x => tf.clipByValue(x, 0, 1), () => tf.zeros([0])],
];

/** dx for dy of 1, 2, 3, …, 8, 1, … */
const gradient = (f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): { shape: number[]; values: number[] } =>
  tf.tidy(() => {
    const { shape, size } = f(x);
    const dy = tf.tensor(
      Array.from({ length: size }, (_, i) => 1 + (i % 8)),
      shape,
    );
    const dx = tf.grad(f)(x, dy);
    // zeros of either sign are one
    return { shape: dx.shape, values: Array.from(dx.dataSync(), v => v + 0) };
  });

onCpuAndWasm(backend => {
  test.each(cases)('%s: what stock gives', async (_, f, make) => {
    const x = make();
    const stock = gradient(f, x);
    await install();
    expect(gradient(f, x)).toEqual(stock);
    x.dispose();
  });

  test.each<[number, number[], number[], number[]]>([
    [0, [], [], [1]],
    [5, [1, 1, 1, 1, 1], [1, 2, 1, 2, 1], [1 + 2 + 3 + 4]],
    [6, [2, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 3], [1 + 2 + 3, 4 + 5 + 6]],
  ])(
    'tiles of rank %i, of which TF.js says that their gradient is not implemented',
    async (rank, shape, reps, values) => {
      const f = (x: tf.Tensor): tf.Tensor => tf.tile(x, reps);
      const x = tf.ones(shape);
      const words = `Gradient for tile operation is not implemented for rank-${rank} tensors yet.`;
      expect(() => gradient(f, x)).toThrow(words);
      await install();
      expect(gradient(f, x)).toEqual({ shape, values });
      x.dispose();
    },
  );

  test('batches of gathers are stock’s', async () => {
    const indices = tf.tensor2d([0, 1, 1, 1], [2, 2], 'int32');
    const f = (x: tf.Tensor): tf.Tensor => tf.gather(x, indices, 1, 1);
    const x = tf.ones([2, 3]);
    await install();
    if (backend === 'wasm') expect(() => gradient(f, x)).toThrow('UnsortedSegmentSum');
    else expect(gradient(f, x).values).toEqual([1, 2, 0, 0, 3 + 4, 0]);
    tf.dispose([x, indices]);
  });

  test('no index at all', async () => {
    await install();
    const f = (x: tf.Tensor): tf.Tensor => tf.gather(x, tf.tensor1d([], 'int32'));
    expect(gradient(f, tf.ones([2, 2]))).toEqual({ shape: [2, 2], values: [0, 0, 0, 0] });
  });

  test('a table and its gradient have no more than each index’s rows: 1,000 rows of which 3 are asked for', async () => {
    await install();
    const f = (x: tf.Tensor): tf.Tensor => tf.gather(x, tf.tensor1d([7, 999, 7], 'int32'));
    const { values } = gradient(f, tf.ones([1000, 2]));
    expect(values.flatMap((v, i) => (v === 0 ? [] : [[i, v]]))).toEqual([
      [14, 1 + 5],
      [15, 2 + 6],
      [1998, 3],
      [1999, 4],
    ]);
  });
});
