import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu';
import { counterDropout, type Draw } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as webgl from '../../src/webgl.ts';
import * as webgpu from '../../src/webgpu.ts';
import { counting, dropped, firstDifference } from './oracle.ts';

const shape = [12, 9];
const noises = [shape, [12, 1]];

const drawOf = (step: number, noiseShape: readonly number[] = shape): Draw => ({
  keepProb: 0.7,
  noiseShape,
  key: { seed: 5, step, site: 0, draw: 0 },
  rows: [0, 12],
});

/** Shaders that the backend has compiled so far: private in both backends of TF.js 4.22. */
function compiled(): number {
  const { binaryCache, pipelineCache } = tf.backend() as unknown as Record<string, object | undefined>;
  return Object.keys(binaryCache ?? pipelineCache ?? {}).length;
}

describe.each(Object.entries({ webgl, webgpu }))('on %s', (backend, kernels) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    expect((await kernels.install()).installed).toBe(true);
  });
  afterAll(() => kernels.uninstall());

  test.each(noises)('backward draws the mask of forward again, noise [%i, %i]', async (...noiseShape) => {
    const x = tf.tensor(counting(shape), shape);
    const dy = tf.tensor(counting(shape).reverse(), shape);
    const { value, grad } = tf.valueAndGrad(input => counterDropout(input, drawOf(4, noiseShape)))(x, dy);
    expect(firstDifference(await value.data(), dropped(counting(shape), shape, drawOf(4, noiseShape)))).toBe(-1);
    const expected = dropped(counting(shape).reverse(), shape, drawOf(4, noiseShape));
    expect(firstDifference(await grad.data(), expected)).toBe(-1);
    tf.dispose([x, dy, value, grad]);
  });

  test('has a second derivative: d²/dx² Σ dropout(x)² is 2 scale² where kept', async () => {
    const ones = tf.ones(shape);
    const square = (x: tf.Tensor): tf.Tensor => tf.square(counterDropout(x, drawOf(1)));
    const second = tf.tidy(() => tf.grad(x => tf.grad(square)(x))(ones));
    const once = dropped(new Float32Array(108).fill(1), shape, drawOf(1));
    const given = await second.data();
    once.forEach((value, i) => {
      expect(given[i]).toBeCloseTo(2 * value * value, 4);
    });
    tf.dispose([ones, second]);
  });

  test('every step draws another mask, the same step the same one', async () => {
    const x = tf.ones(shape);
    const values: string[] = [];
    for (const step of [0, 1, 2, 0]) {
      const y = counterDropout(x, drawOf(step));
      values.push(String(await y.data()));
      y.dispose();
    }
    expect(new Set(values.slice(0, 3)).size).toBe(3);
    expect(values[3]).toBe(values[0]);
    x.dispose();
  });

  test.each(noises)('leaves no tensor behind, nor data of the backend, noise [%i, %i]', async (...noiseShape) => {
    const x = tf.tensor(counting(shape), shape);
    await x.data();
    const before = { tensors: tf.memory().numTensors, data: tf.backend().numDataIds() };
    for (let step = 0; step < 5; step++) {
      const dx = tf.grad(input => counterDropout(input, drawOf(step, noiseShape)))(x);
      await dx.data();
      dx.dispose();
    }
    expect({ tensors: tf.memory().numTensors, data: tf.backend().numDataIds() }).toEqual(before);
    x.dispose();
  });

  test.each(noises)('compiles nothing for a new key, keepProb or row, noise [%i, %i]', async (...noiseShape) => {
    const x = tf.tidy(() => tf.mul(tf.tensor(counting(shape), shape), 1));
    const run = async (draw: Draw): Promise<void> => {
      const y = counterDropout(x, draw);
      await y.data();
      y.dispose();
    };
    await run(drawOf(0, noiseShape));
    const before = compiled();
    expect(before).toBeGreaterThan(0);
    for (let n = 1; n < 20; n++) {
      const key = { seed: n * 2 ** 31, step: n, site: n % 3, draw: n % 2 };
      await run({ keepProb: 1 - n / 20, noiseShape, key, rows: [4 * n, 100] });
    }
    expect(compiled()).toBe(before);
    x.dispose();
  });
});
