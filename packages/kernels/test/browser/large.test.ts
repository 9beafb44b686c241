/** What only size and time show: tensors of several textures' rows, and many steps. */
import '@tensorflow/tfjs-backend-webgpu';
import { DROPOUT_KERNEL } from '@keepprob/core/kernels';
import { counterDropout, type Draw } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as webgl from '../../src/webgl.ts';
import * as webgpu from '../../src/webgpu.ts';
import { counting, dropped, firstDifference } from './oracle.ts';

/** `npm test` takes a few steps on WebGL, `npm run test:long` many on both (vitest.config.ts); WebGPU in software takes 0.1 s and more for one. */
const allCases = import.meta.env.CASES === 'all';
const stepsOn = (backend: string): number => (allCases ? (backend === 'webgl' ? 2000 : 300) : 12);

const drawOf = (step: number, noiseShape: readonly number[], rows: readonly [number, number]): Draw => ({
  keepProb: 0.7,
  noiseShape,
  key: { seed: 5, step, site: 0, draw: 0 },
  rows,
});

describe.each(Object.entries({ webgl, webgpu }))('on %s', (backend, kernels) => {
  const [steps, every] = [stepsOn(backend), stepsOn(backend) / 4];
  beforeAll(async () => {
    expect(await tf.setBackend(backend)).toBe(true);
    await kernels.install();
    expect(tf.getKernel(DROPOUT_KERNEL, backend)).toBeDefined();
  });
  afterAll(() => kernels.uninstall());

  test.each([
    [[700_001], [700_001]],
    [
      [301, 1001],
      [301, 1001],
    ],
    [
      [8, 200, 201],
      [8, 200, 201],
    ],
    [
      [8, 200, 201],
      [8, 1, 201],
    ],
    [
      [330_001, 2],
      [330_001, 1],
    ],
  ])('masks of more than 300,000 elements: %o with noise %o', async (shape, noiseShape) => {
    const draw = drawOf(3, noiseShape, [5, 2_000_000]);
    const x = tf.tensor(counting(shape), shape);
    const y = counterDropout(x, draw);
    expect(firstDifference(await y.data(), dropped(counting(shape), shape, draw))).toBe(-1);
    tf.dispose([x, y]);
  });

  test.runIf(allCases || backend === 'webgl')(
    `${steps} steps of training with dropout: the loss falls, and memory stays`,
    async () => {
      const [x, labels] = [tf.randomNormal<tf.Rank.R2>([32, 20], 0, 1, 'float32', 1), tf.range(0, 32)];
      const target = tf.tidy(() => tf.oneHot(tf.cast(tf.mod(labels, 4), 'int32'), 4));
      const w1 = tf.variable(tf.randomNormal<tf.Rank.R2>([20, 64], 0, 0.3, 'float32', 2));
      const w2 = tf.variable(tf.randomNormal<tf.Rank.R2>([64, 4], 0, 0.2, 'float32', 3));
      const optimizer = tf.train.adam(0.02);
      const loss = (step: number, drop: boolean): tf.Scalar =>
        tf.tidy(() => {
          const hidden = tf.relu(tf.matMul(x, w1));
          const kept = drop ? counterDropout(hidden, drawOf(step, [32, 64], [0, 32])) : hidden;
          return tf.losses.softmaxCrossEntropy(target, tf.matMul(kept as tf.Tensor2D, w2)).asScalar();
        });
      const measured = async (): Promise<number> => {
        const value = loss(0, false);
        const [number = Number.NaN] = await value.data();
        value.dispose();
        return number;
      };
      const before = await measured();
      const used: object[] = [];
      for (let step = 0; step < steps; step++) {
        optimizer.minimize(() => loss(step, true));
        if ((step + 1) % every > 0) continue;
        await measured();
        const { numTensors, numBytes, numDataBuffers } = tf.memory();
        const { numBytesInGPUAllocated } = tf.memory() as { numBytesInGPUAllocated?: number };
        used.push({ numTensors, numBytes, numDataBuffers, numBytesInGPUAllocated });
      }
      expect(await measured()).toBeLessThan(0.9 * before);
      // buffers for what a step takes are there after the first steps
      for (const memory of used.slice(1)) expect(memory).toEqual(used[1]);
      expect(used.length).toBe(4);
      optimizer.dispose();
      tf.dispose([x, labels, target, w1, w2]);
    },
  );
});
