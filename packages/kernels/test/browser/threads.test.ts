/** The WASM kernels in a page that is cross-origin isolated: TF.js' threaded build, our helpers on its heap. */
import '../../../../wasmFiles.shared.ts';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { install, uninstall } from '../../src/wasm.ts';
import { firstDifference } from './oracle.ts';

beforeAll(async () => {
  await tf.setBackend('wasm');
});
afterAll(() => uninstall());

const bits = (t: tf.Tensor): Int32Array => new Int32Array(t.dataSync().slice().buffer);

test('helpers start by default, and give bit for bit what one thread gives', async () => {
  expect(crossOriginIsolated).toBe(true);
  const most = Math.min(4, navigator.hardwareConcurrency);
  let report = await install();
  // it does not wait for helpers for long, and a busy machine may start them later
  while (report.threads < most && !report.reason) {
    uninstall();
    report = await install();
  }
  expect(report.installed).toBe(true);
  expect(report.threads).toBe(most);
  const x = tf.randomNormal<tf.Rank.R4>([6, 24, 24, 16], 0, 1, 'float32', 1);
  const w = tf.randomNormal<tf.Rank.R4>([3, 3, 16, 32], 0, 1, 'float32', 2);
  const compute = (): Int32Array[] => {
    const [dx, dw] = tf.grads((a, b) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, 'same'))([x, w]);
    return [dx!, dw!, tf.matMul(x.reshape([576, 96]), x.reshape([96, 576]))].map(bits);
  };
  const many = compute();
  const asBefore = (): void => {
    expect(compute().map((values, i) => firstDifference(values, many[i]!))).toEqual([-1, -1, -1]);
  };
  for (let i = 0; i < 20; i++) asBefore();
  uninstall();
  expect((await install({ threads: 1 })).threads).toBe(1);
  asBefore();
});
