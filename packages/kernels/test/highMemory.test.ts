/** Tensors that lie beyond 2 GB, where addresses are negative as int32: the same results as below. */
import { counterDropout } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WasmBackend } from '../src/wasm/backend/backend.ts';
import { install, uninstall } from '../src/wasm.ts';

beforeAll(async () => {
  await tf.setBackend('wasm');
  await install();
});
afterAll(() => uninstall());

const backend = (): WasmBackend => tf.backend() as WasmBackend;

const works: Record<string, () => tf.Tensor[]> = {
  'products and their gradients': () => {
    const a = tf.randomNormal<tf.Rank.R2>([70, 90], 0, 1, 'float32', 1);
    const b = tf.randomNormal<tf.Rank.R2>([90, 45], 0, 1, 'float32', 2);
    return [tf.matMul(a, b), ...tf.grads((p, q) => tf.matMul(p as tf.Tensor2D, q as tf.Tensor2D))([a, b])];
  },
  'convolutions and their gradients': () => {
    const x = tf.randomNormal<tf.Rank.R4>([2, 9, 11, 5], 0, 1, 'float32', 1);
    const w = tf.randomNormal<tf.Rank.R4>([3, 3, 5, 9], 0, 1, 'float32', 2);
    const conv = (p: tf.Tensor, q: tf.Tensor): tf.Tensor => tf.conv2d(p as tf.Tensor4D, q as tf.Tensor4D, 2, 'same');
    return [conv(x, w), ...tf.grads(conv)([x, w])];
  },
  'pooling, sums, tiles': () => {
    const x = tf.randomNormal<tf.Rank.R4>([2, 8, 8, 6], 0, 1, 'float32', 1);
    return [
      tf.grad(t => tf.maxPool(t as tf.Tensor4D, 2, 2, 'same'))(x),
      tf.sum(x, [0, 1, 2]),
      tf.mean(x, [1, 2]),
      tf.tile(x, [2, 1, 1, 3]),
    ];
  },
  volumes: () => {
    const x = tf.randomNormal<tf.Rank.R5>([2, 3, 9, 7, 5], 0, 1, 'float32', 1);
    const w = tf.randomNormal<tf.Rank.R5>([2, 3, 3, 5, 9], 0, 1, 'float32', 2);
    const conv = (p: tf.Tensor, q: tf.Tensor): tf.Tensor => tf.conv3d(p as tf.Tensor5D, q as tf.Tensor5D, 2, 'same');
    const pool = (t: tf.Tensor): tf.Tensor => tf.maxPool3d(tf.avgPool3d(t as tf.Tensor5D, 2, 1, 'same'), 2, 2, 'same');
    return [conv(x, w), ...tf.grads(conv)([x, w]), pool(x), tf.grad(pool)(x)];
  },
  'gathers and slices': () => {
    const x = tf.randomNormal<tf.Rank.R2>([9, 40], 0, 1, 'float32', 1);
    const rows = tf.tensor1d([8, 0, 3], 'int32');
    return [tf.gather(x, rows), tf.gather(x, rows, 1), tf.slice(x, [2, 0], [5, 40]), tf.slice(x, [2, 3], [5, 7])];
  },
  dropout: () => {
    const draw = { keepProb: 0.5, key: { seed: 5, step: 1, site: 2, draw: 0 }, rows: [3, 99] as const };
    const x = tf.randomNormal([33, 7], 0, 1, 'float32', 1);
    return [counterDropout(x, { ...draw, noiseShape: [33, 7] }), counterDropout(x, { ...draw, noiseShape: [33, 1] })];
  },
};

test.each(Object.entries(works))('%s', (_, work) => {
  const values = (tensors: tf.Tensor[]): number[][] => tensors.map(t => [...t.dataSync()]);
  const { wasm, dataIdMap } = backend();
  const expected = tf.tidy(() => values(work()));
  const block = wasm._malloc(2 ** 31 + 2 ** 20) >>> 0;
  expect(block).toBeGreaterThan(0);
  // blocks of a megabyte fit into no hole below, so that everything lies above
  const malloc = wasm._malloc;
  wasm._malloc = bytes => malloc(Math.max(bytes, 2 ** 20));
  try {
    tf.tidy(() => {
      const tensors = work();
      for (const t of tensors) expect(dataIdMap.get(t.dataId)!.memoryOffset >>> 0).toBeGreaterThan(2 ** 31);
      expect(values(tensors)).toEqual(expected);
    });
  } finally {
    wasm._malloc = malloc;
    wasm._free(block);
  }
});
