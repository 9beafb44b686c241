/**
 * Ours against stock, forward and backward of 2²⁰ elements, in interleaved rounds. No test, and not run with them:
 *
 *     MEASURE=1 npx vitest run --config vitest.browser.config.ts
 */
import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu';
import { counterDropout } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import * as webgl from '../../src/webgl.ts';
import * as webgpu from '../../src/webgpu.ts';

const ROUNDS = 31;
const WARM_UP = 3;
const noises = [
  { shape: [1024, 1024], noiseShape: [1024, 1024] },
  { shape: [16, 32, 32, 64], noiseShape: [16, 1, 1, 64] },
];

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1]!;

/** Milliseconds until the gradient is there. */
async function time(op: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor, dy: tf.Tensor): Promise<number> {
  const start = performance.now();
  const corner = tf.tidy(() => {
    const dx = tf.grad(op)(x, dy);
    const first = dx.shape.map(() => 0);
    return tf.slice(dx, first, [...first].fill(1));
  });
  // WebGL's data() looks for a fence every 4 ms, WebGPU has no synchronous read of its own
  await (tf.getBackend() === 'webgl' ? corner.dataSync() : corner.data());
  const end = performance.now();
  corner.dispose();
  return end - start;
}

for (const [backend, kernels] of Object.entries({ webgl, webgpu })) {
  test.each(noises)(`${backend}, x [$shape] and noise [$noiseShape]`, async ({ shape, noiseShape }) => {
    await tf.setBackend(backend);
    expect((await kernels.install()).installed).toBe(true);
    const [x, dy] = [1, 2].map(factor => tf.tidy(() => tf.mul(tf.randomUniform(shape), factor))) as [
      tf.Tensor,
      tf.Tensor,
    ];
    let step = 0;
    const ops: Record<string, (x: tf.Tensor) => tf.Tensor> = {
      ours: input =>
        counterDropout(input, {
          keepProb: 0.5,
          noiseShape,
          key: { seed: 7, step: step++, site: 0, draw: 0 },
          rows: [0, shape[0]!],
        }),
      stock: input => tf.dropout(input, 0.5, noiseShape),
      multiply: input => tf.mul(input, 2),
    };
    const times: Record<string, number[]> = { ours: [], stock: [], multiply: [] };
    for (let round = -WARM_UP; round < ROUNDS; round++) {
      for (const [name, op] of Object.entries(ops)) {
        const ms = await time(op, x, dy);
        if (round >= 0) times[name]!.push(ms);
      }
    }
    kernels.uninstall();
    tf.dispose([x, dy]);
    const line = Object.entries(times).map(
      ([name, each]) => `${name} ${median(each).toFixed(1)} ms (best ${Math.min(...each).toFixed(1)})`,
    );
    console.log(`${line.join(', ')}; ours/stock ${(median(times.ours!) / median(times.stock!)).toFixed(2)}`);
  });
}
