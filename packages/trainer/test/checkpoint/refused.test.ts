/** A resume that is refused, or that fails, leaves the model as it was; of checkpoints that are not whole, the good one before is taken. */
import { ema } from '@keepprob/averaging';
import { definePlugin } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test, vi } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/checkpoint/checkpoint.ts';
import type { Checkpoint } from '../../src/checkpoint/parts.ts';
import { CheckpointError, type FitOptions, fit, memoryStore, restoreWeights } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const build = (): tf.LayersModel => {
  const kernelInitializer = tf.initializers.glorotNormal({ seed: 1 });
  return tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3], kernelInitializer })] });
};
const numbers = (model: tf.LayersModel) => model.getWeights().map(w => [...w.dataSync()]);
const data = () => ({ x: tf.randomNormal([8, 3], 0, 1, 'float32', 1), y: tf.zeros([8, 2]) });

type Store = ReturnType<typeof memoryStore>;
const train = (model: tf.LayersModel, store: Store, options: Partial<FitOptions> = {}) =>
  fit(model, data(), {
    loss: 'meanSquaredError',
    optimizer: tf.train.adam(0.1),
    epochs: 3,
    batchSize: 4,
    seed: 1,
    progress: false,
    plugins: [ema(0.9)],
    checkpoint: { store, keep: 9 },
    resume: true,
    ...options,
  });

const namesIn = async (store: Store): Promise<string[]> =>
  (await store.list()).filter(name => name.startsWith('last-')).sort();

/** Epochs 1 and 2, saved; the newer one is changed. */
async function saved(change: (checkpoint: Checkpoint) => Checkpoint): Promise<Store> {
  const store = memoryStore();
  await train(build(), store, { epochs: 2 });
  const newest = (await namesIn(store)).at(-1)!;
  await store.write(newest, encodeCheckpoint(change(decodeCheckpoint((await store.read(newest))!))));
  return store;
}
const without =
  (name: string) =>
  ({ manifest, tensors: { [name]: _, ...tensors } }: Checkpoint): Checkpoint => ({ manifest, tensors });
const M = 'optimizer/accumulatedFirstMoment/0-Dense/kernel';
const flat = { dtype: 'float32', shape: [6], data: new Float32Array(6) } as const;

test.each<[string, (checkpoint: Checkpoint) => Checkpoint]>([
  ['lacks a weight', without('0-Dense/kernel')],
  ['has a slot of another shape', ({ manifest, tensors }) => ({ manifest, tensors: { ...tensors, [M]: flat } })],
  ['says a step that is none', c => ({ ...c, manifest: { ...c.manifest, step: 'x' as unknown as number } })],
  ['says more epochs than there were', c => ({ ...c, manifest: { ...c.manifest, epoch: 1e15 } })],
])('the newest checkpoint %s: it is skipped with a warning, and the run ends as it would have', async (_, change) => {
  const whole = build();
  await train(whole, memoryStore());
  const store = await saved(change);
  const newest = (await namesIn(store)).at(-1)!;
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  try {
    const model = build();
    const { steps } = await train(model, store);
    expect(steps).toBe(6);
    expect(numbers(model)).toEqual(numbers(whole));
    expect(warn.mock.calls).toEqual([[expect.stringContaining(newest)]]);
  } finally {
    warn.mockRestore();
  }
});

test('where none is whole, the resume is refused and the model is as it was', async () => {
  const store = await saved(without('0-Dense/kernel'));
  const [older] = await namesIn(store);
  await store.remove(older!);
  const model = build();
  const before = numbers(model);
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  await expect(train(model, store)).rejects.toMatchObject({ problem: 'damaged' });
  warn.mockRestore();
  expect(numbers(model)).toEqual(before);
});

const forgetful = definePlugin({
  name: 'forgetful',
  options: {},
  setup: () => ({
    state: () => ({ tensors: {}, values: 1 }),
    restore() {
      throw new Error('cannot');
    },
  }),
});

test('a plugin that fails to restore leaves model and optimizer as they were, and no tensor', async () => {
  const store = memoryStore();
  const plugins = [forgetful()];
  await train(build(), store, { plugins, epochs: 1 });
  const [model, optimizer] = [build(), tf.train.adam(0.1)];
  const before = numbers(model);
  const tensors = tf.memory().numTensors;
  const given = data();
  await expect(
    fit(model, given, {
      ...{ loss: 'meanSquaredError', optimizer, epochs: 3, batchSize: 4, seed: 1, progress: false, plugins },
      ...{ checkpoint: { store }, resume: true },
    }),
  ).rejects.toThrow(/forgetful.*restore/);
  tf.dispose(given);
  expect(numbers(model)).toEqual(before);
  expect(optimizer.iterations).toBe(0);
  expect(tf.memory().numTensors).toBe(tensors);
});

test('restoreWeights refuses whatever is no checkpoint, and models that are none, and changes nothing', async () => {
  const store = memoryStore();
  await train(build(), store, { epochs: 1 });
  const good = decodeCheckpoint((await store.read((await namesIn(store))[0]!))!);
  const model = build();
  const before = numbers(model);
  const restore = (given: unknown) => () => restoreWeights(model, given as Checkpoint);
  for (const given of [null, 7, 'runs/mnist', [], {}, store, new Uint8Array(8), { manifest: good.manifest }]) {
    expect(restore(given)).toThrow(CheckpointError);
  }
  const odd = { ...good.tensors, '0-Dense/bias': { dtype: 'float32', shape: [2], data: [0, 0] } };
  expect(restore({ manifest: good.manifest, tensors: odd })).toThrow(/"0-Dense\/bias".*Float32Array/);
  expect(restore({ manifest: good.manifest, tensors: {} })).toThrow(/"0-Dense\/kernel" is missing/);
  expect(numbers(model)).toEqual(before);
  for (const given of [null, {}, 'mnist', tf.sequential()]) {
    expect(() => restoreWeights(given as tf.LayersModel, good)).toThrow(/model/i);
  }
  restore(good)();
  expect(numbers(model)).not.toEqual(before);
});
