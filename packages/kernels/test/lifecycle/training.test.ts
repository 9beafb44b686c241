/** Networks that are trained with our kernels. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { install } from '../../src/wasm.ts';
import { guardHeap, wasmBackend } from '../support/heap.ts';
import { onWasm } from '../support/lifecycle.ts';
import { allCases, floats } from '../support/numbers.ts';
import { cnn, mlp, type Network } from '../support/training.ts';

onWasm();

/** Of each model, in which nothing may be left. */
const STEPS = allCases ? 500 : 100;

describe('training', () => {
  const losses = (make: () => Network, steps: number): number[] => {
    const net = make();
    const result = Array.from({ length: steps }, net.step);
    net.dispose();
    return result;
  };

  test.each<[string, () => Network]>([
    ['mlp', mlp],
    ['cnn', cnn],
  ])('50 steps of an %s with dropout: the losses of the cpu backend', async (_, make) => {
    await install();
    const ours = losses(make, 50);
    await tf.setBackend('cpu');
    const theirs = losses(make, 50);
    for (const [i, loss] of ours.entries()) expect(Math.abs(loss - theirs[i]!)).toBeLessThan(1e-4);
    // it learns, or the losses would say little
    expect(ours.at(-1)).toBeLessThan(0.7 * ours[0]!);
  });

  test('two models at once do what each does by itself', async () => {
    await install();
    const alone = [losses(() => mlp(3), 20), losses(() => cnn(4), 20)];
    const both = [mlp(3), cnn(4)];
    const together: number[][] = [[], []];
    for (let i = 0; i < 20; i++) for (const [j, net] of both.entries()) together[j]!.push(net.step());
    for (const net of both) net.dispose();
    expect(together).toEqual(alone);
  });

  test(`${2 * STEPS} steps of two models: no tensor, no block of memory and no page more`, async () => {
    await install();
    const heap = guardHeap();
    const nets = [mlp(), cnn()];
    const steps = (n: number): void => {
      for (let i = 0; i < n; i++) for (const net of nets) net.step();
    };
    const state = (): object => {
      const { numTensors, numDataBuffers, numBytes } = tf.memory();
      const ids = wasmBackend().numDataIds();
      return { numTensors, numDataBuffers, numBytes, ids, blocks: heap.live(), heap: wasmBackend().wasm.HEAPU8.length };
    };
    try {
      steps(10);
      const before = state();
      steps(STEPS);
      expect(state()).toEqual(before);
      expect(heap.faults()).toEqual([]);
    } finally {
      for (const net of nets) net.dispose();
      heap.restore();
    }
  });

  test('models of layers', async () => {
    const { sequential, layers } = await import('@tensorflow/tfjs');
    await install();
    const model = sequential({
      layers: [
        layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu', padding: 'same', inputShape: [6, 6, 1] }),
        layers.batchNormalization(),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.separableConv2d({ filters: 6, kernelSize: 2 }),
        layers.flatten(),
        layers.dropout({ rate: 0.2 }),
        layers.dense({ units: 3, activation: 'softmax' }),
      ],
    });
    model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
    const x = tf.tensor(floats(8 * 36, 1), [8, 6, 6, 1]);
    const y = tf.oneHot([0, 1, 2, 0, 1, 2, 0, 1], 3);
    await model.fit(x, y, { epochs: 2, verbose: 0 });
    const before = tf.memory().numTensors;
    const { history } = await model.fit(x, y, { epochs: 3, verbose: 0 });
    expect(history.loss).toHaveLength(3);
    for (const loss of history.loss!) expect(Number.isFinite(loss)).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
    tf.dispose([x, y]);
  });
});
