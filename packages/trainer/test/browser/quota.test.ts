/// <reference types="@vitest/browser-playwright" />
/** A browser that has no room left in the middle of a run, by Chromium's own protocol. */
import '@tensorflow/tfjs-backend-cpu';
import { CheckpointError, fit, indexedDBStore } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { deleteDB } from 'idb';
import { beforeAll, expect, test } from 'vitest';
import { cdp } from 'vitest/browser';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const seeded = (seed: number) => tfl.initializers.glorotUniform({ seed });
const { origin } = location;
const setQuota = (quotaSize: number) => cdp().send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
/** The browser's own. */
const liftQuota = () => cdp().send('Storage.overrideQuotaForOrigin', { origin });

/** 40 updates; each of its checkpoints takes 0.4 MB. */
async function train(store: ReturnType<typeof indexedDBStore> | null) {
  const model = tfl.sequential({
    layers: [
      tfl.layers.dense({ units: 300, inputShape: [100], kernelInitializer: seeded(1) }),
      tfl.layers.dense({ units: 1, kernelInitializer: seeded(2) }),
    ],
  });
  const data = { x: tf.randomNormal([40, 100], 0, 1, 'float32', 3), y: tf.zeros([40, 1]) };
  const steps: number[] = [];
  const options = { loss: 'meanSquaredError', optimizer: tf.train.adam(0.01), epochs: 10, batchSize: 10, seed: 1 };
  const done = fit(model, data, {
    ...options,
    progress: ({ type, step }) => void (type === 'begin' && steps.push(step)),
    ...(store && { checkpoint: { store, every: 1 }, resume: true }),
  });
  const failed = await done.then(
    () => undefined,
    (error: unknown) => error,
  );
  return { failed, from: steps[0], weights: model.getWeights().map(w => [...w.dataSync()]) };
}

/**
 * Room for one checkpoint and not for two, beside what other tests of this origin keep or have not quite deleted yet. What Chromium knows of the room
 * that is left holds for as long as the databases are open, or for half a minute.
 */
async function trainIntoLittleRoom(store: ReturnType<typeof indexedDBStore>): Promise<unknown> {
  for (let room = 6e5; ; ) {
    const { usage = 0 } = await navigator.storage.estimate();
    await setQuota(usage + room);
    const { failed } = await train(store);
    if (failed && (await store.list()).length) return failed;
    if (failed) room += 2e5;
    await deleteDB('keepprob/quota');
    await new Promise(resolve => setTimeout(resolve, 3000));
  }
}

test('a run that finds no room says which checkpoint there is, and goes on from it when there is room', async () => {
  const store = indexedDBStore('quota');
  try {
    const failed = await trainIntoLittleRoom(store);
    expect(failed).toBeInstanceOf(CheckpointError);
    const { problem, message } = failed as CheckpointError;
    expect(problem).toBe('full');
    const [, before, step] = /no room to write .*before it, "(last-\d+-step(\d+)\.safetensors)", is untouched/.exec(
      message,
    )!;
    expect(await store.list()).toContain(before);
    await liftQuota();
    const resumed = await train(store);
    expect(resumed).toEqual({ failed: undefined, from: Number(step), weights: (await train(null)).weights });
  } finally {
    await liftQuota();
    await deleteDB('keepprob/quota');
  }
});
