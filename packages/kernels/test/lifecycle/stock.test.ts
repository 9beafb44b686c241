/** What is not ours: the answers of the stock kernels, and their words. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { install } from '../../src/wasm.ts';
import { onWasm } from '../support/lifecycle.ts';

onWasm();

describe('what is not ours is answered as stock answers it', () => {
  const image = (): tf.Tensor4D => tf.ones([1, 2, 5, 5]);
  const filter = (): tf.Tensor4D => tf.ones([3, 3, 2, 4]);
  const ids = (): tf.Tensor1D => tf.tensor1d([0, 0], 'int32');
  const bias = (shape: number[]) => ({
    a: tf.ones<tf.Rank.R2>([2, 3]),
    b: tf.ones<tf.Rank.R2>([3, 2]),
    bias: tf.ones(shape),
  });
  const cases: [string, () => tf.Tensor][] = [
    ['matMul of integers', () => tf.matMul(tf.ones([2, 2], 'int32'), tf.ones([2, 2], 'int32'))],
    ['matMul of complex numbers', () => tf.matMul(tf.complex([[1]], [[1]]), tf.complex([[1]], [[1]]))],
    ['matMul of sizes that do not fit', () => tf.matMul(tf.ones([2, 3]), tf.ones([4, 5]))],
    ['matMul of batches that do not fit', () => tf.matMul(tf.ones([2, 2, 3]), tf.ones([3, 3, 2]))],
    ['fused matMul with a bias for every element', () => tf.fused.matMul(bias([2, 2]))],
    ['fused matMul with one bias', () => tf.fused.matMul(bias([]))],
    [
      'fused matMul with prelu',
      () => tf.fused.matMul({ ...bias([2]), activation: 'prelu', preluActivationWeights: tf.scalar(0.5) }),
    ],
    ['conv2d of NCHW', () => tf.conv2d(image(), filter(), 1, 'valid', 'NCHW')],
    [
      'fused conv2d of NCHW',
      () => tf.fused.conv2d({ x: image(), filter: filter(), strides: 1, pad: 'valid', dataFormat: 'NCHW' }),
    ],
    [
      'the gradient of conv2d of NCHW',
      () => tf.grad(x => tf.conv2d(x as tf.Tensor4D, filter(), 1, 'valid', 'NCHW'))(image()),
    ],
    ['segments of integers', () => tf.unsortedSegmentSum(tf.ones([2], 'int32'), ids(), 1)],
    ['sum of integers', () => tf.sum(tf.ones([2, 3], 'int32'), 0)],
    ['sum over axes apart', () => tf.sum(tf.ones([2, 3, 2]), [0, 2])],
    ['mean of integers', () => tf.mean(tf.ones([2, 3], 'int32'), 0)],
    ['a clone of strings', () => tf.clone(tf.tensor(['a', 'b']))],
    [
      'max of a pool that has no elements',
      () => tf.grad(x => tf.maxPool(x as tf.Tensor4D, 2, 1, 'valid'))(tf.ones([0, 3, 3, 1])),
    ],
  ];
  const answer = (f: () => tf.Tensor): unknown => {
    try {
      return tf.tidy(() => {
        const y = f();
        return { shape: y.shape, dtype: y.dtype, values: [...(y.dataSync() as ArrayLike<number> & Iterable<number>)] };
      });
    } catch (error) {
      return (error as Error).message;
    }
  };

  test.each(cases)('%s', async (_, f) => {
    const stock = answer(f);
    await install();
    expect(answer(f)).toEqual(stock);
  });

  test('and some of those answers are the words that we know', async () => {
    await install();
    const words = Object.fromEntries(cases.map(([name, f]) => [name, answer(f)]));
    expect(words).toMatchObject({
      'matMul of integers': 'BatchMatMul for non non-float32 tensors not yet supported.',
      'matMul of complex numbers': "Kernel 'Complex' not registered for backend 'wasm'",
      'conv2d of NCHW': expect.stringContaining("does not support dataFormat:'channelsFirst'"),
      'segments of integers': "Kernel 'UnsortedSegmentSum' not registered for backend 'wasm'",
      'sum over axes apart': { shape: [3], values: [4, 4, 4] },
      'fused matMul with prelu': { shape: [2, 2], values: [4, 4, 4, 4] },
    });
  });
});
