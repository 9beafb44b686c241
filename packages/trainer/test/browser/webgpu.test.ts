/** WebGPU: several models in one page, one after the other and at the same time; a device that is lost. */
import { dropout } from '@keepprob/dropout';
import { BackendError, type FitOptions, fit } from '@keepprob/trainer';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';

/** `npm run test:long` trains many (vitest.config.ts); in software an update takes 0.1 s and more. */
const models = import.meta.env.CASES === 'all' ? 30 : 2;
const seeded = (seed: number) => tfl.initializers.glorotUniform({ seed });

/** Trains a net of its own; gives J of each epoch. */
async function train(seed: number, more: Partial<FitOptions> = {}): Promise<readonly number[]> {
  const kernelInitializer = seeded(seed);
  const model = tfl.sequential({
    layers: [
      tfl.layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 1], kernelInitializer, activation: 'relu' }),
      tfl.layers.flatten(),
      dropout({ keepProb: 0.8 }),
      tfl.layers.dense({ units: 3, kernelInitializer: seeded(seed + 1), activation: 'softmax' }),
    ],
  });
  const [x, optimizer] = [tf.randomNormal([24, 8, 8, 1], 0, 1, 'float32', seed), tf.train.adam(0.01)];
  const y = tf.oneHot(
    Int32Array.from({ length: 24 }, (_, i) => i % 3),
    3,
  );
  const options = { loss: 'categoricalCrossentropy', optimizer, epochs: 2, batchSize: 12, seed } as const;
  try {
    return (await fit(model, { x, y }, { ...options, trainEvaluation: false, progress: false, ...more })).history.cost!;
  } finally {
    tf.dispose([x, y]);
    optimizer.dispose();
    model.dispose();
  }
}

test(`${models} models one after the other and two at once train as on cpu, and leave nothing`, async () => {
  const seeds = Array.from({ length: models + 2 }, (_, i) => 10 * i + 1);
  const expected: (readonly number[])[] = [];
  await tf.setBackend('cpu');
  for (const seed of seeds) expected.push(await train(seed));
  expect(await tf.setBackend('webgpu')).toBe(true);
  const before = tf.memory().numTensors;
  const found: (readonly number[])[] = [];
  for (const seed of seeds.slice(0, models)) found.push(await train(seed));
  found.push(...(await Promise.all(seeds.slice(models).map(seed => train(seed)))));
  for (const [i, cost] of found.flat().entries()) expect(Math.abs(cost - expected.flat()[i]!)).toBeLessThan(1e-4);
  expect(found.flat()).toHaveLength(expected.flat().length);
  expect(tf.memory().numTensors).toBe(before);
});

test('a device that is lost ends the run with an error that says so; another one trains', async () => {
  expect(await tf.setBackend('webgpu')).toBe(true);
  const { device } = tf.backend() as unknown as { device: { destroy(): void } };
  const lose = ({ type, step }: { type: string; step: number }): void => {
    if (type === 'step' && step === 1) device.destroy();
  };
  const failed = await train(1, { listeners: [lose] }).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(BackendError);
  expect((failed as Error).message).toMatch(/backend "webgpu" was lost \(GPU device lost/);
  await tf.setBackend('cpu');
  const factory = tf.findBackendFactory('webgpu');
  tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', factory, 3);
  expect(await tf.setBackend('webgpu')).toBe(true);
  expect(await train(1, { epochs: 1 })).toHaveLength(1);
});
