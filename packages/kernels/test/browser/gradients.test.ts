/** Our gradients on WebGL and WebGPU give what they give on cpu, where they are tested against float64. */
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, test } from 'vitest';
import { install, uninstall } from '../../src/gradients.ts';
import { sizeOf } from './oracle.ts';

/** Numbers in (−1, 1) without a pattern. */
const input = (shape: number[], seed = 3): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(seed * 17.3 + i * i * 1.7 + i)),
    shape,
  );
const weights = (seed: number) => tf.initializers.constant({ value: 1 + seed / 10 });

/** A norm in training. */
const norm =
  (make: (args: object) => tf.layers.Layer, args: object = {}) =>
  (x: tf.Tensor): tf.Tensor => {
    const layer = make({ gammaInitializer: weights(1), betaInitializer: weights(2), ...args });
    const y = layer.apply(x, { training: true }) as tf.Tensor;
    return y;
  };
const { batchNormalization, layerNormalization } = tf.layers;

type Case = [name: string, f: (x: tf.Tensor) => tf.Tensor, shape: number[]];
/** Those that are much as others are: `npm run test:long` (vitest.config.ts). */
const others: readonly Case[] = [
  ['batch norm of sequences', norm(batchNormalization), [3, 4, 5]],
  ['batch norm without γ', norm(batchNormalization, { scale: false }), [2, 3, 4, 5]],
  ['layer norm of sequences', norm(layerNormalization), [3, 4, 5]],
  ['gather', x => tf.gather(x, tf.tensor1d([1, 0, 1], 'int32')), [3, 5]],
];
const cases: readonly Case[] = [
  ['batch norm of vectors', norm(batchNormalization), [6, 5]],
  ['batch norm of images', norm(batchNormalization), [2, 3, 4, 5]],
  ['batch norm along axis 1', norm(batchNormalization, { axis: 1 }), [2, 3, 4, 5]],
  ['layer norm of vectors', norm(layerNormalization), [6, 5]],
  ['layer norm of images', norm(layerNormalization, { axis: [1, 3] }), [2, 3, 4, 5]],
  ['tf.batchNorm', x => tf.batchNorm(x, tf.zeros([5]), tf.ones([5]), tf.ones([5]), tf.fill([5], 3), 0.1), [2, 3, 4, 5]],
  ['tile', x => tf.tile(x, [2, 1, 3]), [3, 1, 5]],
  ['gather along axis 1', x => tf.gather(x, tf.tensor1d([1, 0, 1], 'int32'), 1), [3, 5]],
  ['sum and mean', x => tf.mul(tf.sum(x, 1, true), tf.mean(x, 0)), [3, 5]],
  ['squares, rectified and clipped', x => tf.clipByValue(tf.relu(tf.squaredDifference(x, 0.5)), 0.1, 1), [3, 5]],
];

/** The value, and its gradient by x. */
async function answers(backend: string, f: (x: tf.Tensor) => tf.Tensor, shape: number[]): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const results = tf.tidy(() => {
    const x = input(shape);
    const y = f(x);
    return [y, tf.grad(f)(x, input(y.shape, 7))];
  });
  const read = await Promise.all(results.map(t => t.data<'float32'>()));
  tf.dispose(results);
  tf.disposeVariables();
  expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
  return read;
}

afterAll(uninstall);

describe.each(['webgl', 'webgpu'])('on %s', backend => {
  test.each([...cases, ...(import.meta.env.CASES === 'all' ? others : [])])('%s', async (_, f, shape) => {
    expect((await install()).layers).toEqual(expect.arrayContaining(['BatchNormalization', 'LayerNormalization']));
    const [actual, expected] = [await answers(backend, f, shape), await answers('cpu', f, shape)];
    for (const [i, values] of actual.entries()) {
      expect(values.length).toBe(expected[i]!.length);
      for (const [j, value] of values.entries()) expect(value).toBeCloseTo(expected[i]![j]!, 4);
    }
  });
});
