/** What the tests share in which our kernels are installed and taken out. */
import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { counterDropout } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { uninstall } from '../../src/wasm.ts';
import { expectWithin, floats } from './numbers.ts';
import { matMulExact } from './products.ts';

/** Each test starts on wasm without our kernels. */
export function onWasm(): void {
  beforeEach(async () => {
    await tf.setBackend('wasm');
  });
  afterEach(() => {
    uninstall();
    vi.restoreAllMocks();
  });
}

/** A product, a convolution with both gradients and dropout, right. */
export function expectRight(): void {
  tf.tidy(() => {
    const [a, b] = [floats(21 * 11, 1), floats(11 * 17, 2)];
    const { shape: _, ...exact } = matMulExact(a, b, {
      ...{ aShape: [21, 11], bShape: [11, 17], transposeA: false, transposeB: false },
    });
    expectWithin(tf.matMul(tf.tensor2d(a, [21, 11]), tf.tensor2d(b, [11, 17])).dataSync(), exact);
    // all ones: a count of what meets
    const [dx, dw] = tf.grads((x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'valid'))([
      tf.ones([1, 3, 3, 2]),
      tf.ones([2, 2, 2, 3]),
    ]);
    expect([...dx!.dataSync()]).toEqual([1, 2, 1, 2, 4, 2, 1, 2, 1].flatMap(n => [3 * n, 3 * n]));
    expect([...dw!.dataSync()]).toEqual(new Array(24).fill(4));
    const y = counterDropout(tf.ones([100]), {
      ...{ keepProb: 0.5, noiseShape: [100], key: { seed: 1, step: 0, site: 0, draw: 0 }, rows: [0, 100] },
    }).dataSync();
    expect(new Set(y)).toEqual(new Set([0, 2]));
  });
}
