/** What holds for every plugin of this package: draws per sample, by the row in the global batch; shapes and dtypes; errors; stock fit. */
import { DataError, type TrainingPlugin } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import type { PluginEntry } from '@keepprob/core/catalogue';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { catalogue } from '../src/catalogue.ts';
import { cutout, labelSmoothing, mixup, randomFlip, untilEpoch } from '../src/index.ts';
import { changed, distance, images, values } from './moments.ts';

const plugins = catalogue.filter((entry): entry is PluginEntry => entry.kind === 'plugin');
/** The plugin with the options that the kit tries. */
const made = ({ options, trial, make, of }: PluginEntry, more: object = {}): TrainingPlugin =>
  make({ ...(trial.options ?? options), ...more }, { model: tf.sequential(), of: of() });

/** Those that act on inputs in the first epoch. */
const all = plugins
  .filter(({ name }) => !['labelSmoothing', 'fromEpoch'].includes(name))
  .map((entry): [string, TrainingPlugin] => [entry.name, made(entry)]);
/** Those that act on images alone, all or the one that is named. */
const onImages = plugins
  .filter(({ trial, definition }) => trial.images && 'input' in definition.options)
  .map((entry): [string, (options?: { input: string }) => TrainingPlugin] => [
    entry.name,
    options => made(entry, options),
  ]);

describe.each(['cpu', 'wasm'])('on %s', backend => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  test.each(all)('%s: shards are the whole, the seed decides, steps and samples differ', (_, plugin) => {
    const n = 24;
    const one = images([1, 8, 8, 3]);
    const batch = images([n, 8, 8, 3]);
    const whole = changed(plugin, batch);
    const part = (t: tf.Tensor, [from, to]: readonly [number, number]) => tf.slice(t, from, to - from);
    for (const [from, to] of [
      [0, 8],
      [8, 24],
    ] as const) {
      // biome-ignore format: two shards
      const slice = (ts: Readonly<Record<string, tf.Tensor>>) =>
        Object.fromEntries(Object.entries(ts).map(([name, t]) => [name, part(t, [from, to])]));
      const shard = changed(plugin, { x: slice(batch.x), y: slice(batch.y) }, { rows: [from, n] });
      expect(distance(shard.x.image!, part(whole.x.image!, [from, to]))).toBe(0);
      expect(distance(shard.y.label!, part(whole.y.label!, [from, to]))).toBe(0);
    }
    expect(values(changed(plugin, batch).x.image)).toEqual(values(whole.x.image));
    expect(distance(changed(plugin, batch, { seed: 8 }).x.image!, whole.x.image!)).toBeGreaterThan(0);
    expect(distance(changed(plugin, batch, { step: 1 }).x.image!, whole.x.image!)).toBeGreaterThan(0);
    // the same image in every row: rows that draw alike would be equal (mixing needs different ones)
    const alike = tf.tile(one.x.image!, [n, 1, 1, 1]);
    const mixes = plugin.name.includes('mix');
    const seen = changed(plugin, mixes ? batch : { ...batch, x: { image: alike } }).x.image!;
    const kinds = new Set(tf.unstack(seen).map(row => values(row).join()));
    expect(kinds.size).toBeGreaterThan(1);
    expect([whole.x.image!.shape, whole.x.image!.dtype]).toEqual([batch.x.image!.shape, 'float32']);
    expect([whole.y.label!.shape, whole.y.label!.dtype]).toEqual([batch.y.label!.shape, 'float32']);
  });

  test.each(all)('%s leaves no tensor but the batch, and reads no pixel back', (_, plugin) => {
    const batch = images([8, 8, 8, 3]);
    const reads = [vi.spyOn(tf.Tensor.prototype, 'dataSync'), vi.spyOn(tf.Tensor.prototype, 'data')];
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      changed(plugin, batch);
    });
    expect(tf.memory().numTensors).toBe(before);
    for (const read of reads) expect(read).not.toHaveBeenCalled();
    vi.restoreAllMocks();
    expect(batch.x.image!.isDisposed).toBe(false);
  });
});

test('the pictures of cpu and wasm are the same', async () => {
  for (const [, plugin] of all) {
    const results: number[][] = [];
    for (const backend of ['cpu', 'wasm']) {
      await tf.setBackend(backend);
      const x = tf.tensor4d(
        Array.from({ length: 8 * 48 }, (_, i) => ((i * 37) % 101) / 101),
        [8, 4, 4, 3],
      );
      const y = tf.tensor2d(Array.from({ length: 16 }, (_, i) => i % 2), [8, 2]); // biome-ignore format: one line
      results.push(values(changed(plugin, { x: { x }, y: { y } }).x.x));
    }
    for (const [i, v] of results[0]!.entries()) expect(results[1]![i]).toBeCloseTo(v, 4);
  }
});

describe('inputs', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  test.each(onImages)('%s acts on images: all of them alike, or the one that is named', (_, create) => {
    const one = images([8, 6, 6, 3]);
    const two = { x: { left: one.x.image!, right: tf.clone(one.x.image!), age: tf.ones([8, 1]) }, y: one.y };
    const both = changed(create(), two);
    expect(distance(both.x.left!, both.x.right!)).toBe(0);
    expect(distance(both.x.left!, one.x.image!)).toBeGreaterThan(0);
    expect(both.x.age).toBe(two.x.age);
    const named = changed(create({ input: 'right' }), two);
    expect(named.x.left).toBe(two.x.left);
    expect(distance(named.x.right!, both.x.right!)).toBe(0);
  });
  test.each(onImages)('%s refuses what is no image, naming the input', (name, create) => {
    const { y } = images([2, 4, 4, 3]);
    const refused = (x: Record<string, tf.Tensor>, options: { input: string } | undefined, message: RegExp) => {
      const before = tf.memory().numTensors;
      expect(() => changed(create(options), { x, y })).toThrow(DataError);
      expect(() => changed(create(options), { x, y })).toThrow(message);
      expect(() => changed(create(options), { x, y })).toThrow(new RegExp(`^${name}`));
      expect(tf.memory().numTensors).toBe(before);
    };
    const vector = tf.ones([2, 3]);
    refused({ vector }, undefined, /images \[batch, height, width, channels\].*"vector" \(float32 of shape \[2,3\]\)/);
    refused({ vector }, { input: 'vector' }, /input "vector".*float32 of shape \[2,3\]/);
    refused({ vector }, { input: 'image' }, /an input "image"/);
    refused({ image: tf.ones([2, 4, 4, 3], 'int32') }, undefined, /input "image".*float32 images.*int32/);
  });
});

test('stock fit trains with images through reg.dataset', async () => {
  await tf.setBackend('cpu');
  const { x, y } = images([8, 6, 6, 3]);
  const train = async (plugins: TrainingPlugin[]) => {
    const model = tf.sequential({
      layers: [
        tf.layers.flatten({ inputShape: [6, 6, 3] }),
        tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: 'ones' }),
      ],
    });
    const reg = attach(model, { optimizer: tf.train.sgd(0.1), seed: 1 }, ...plugins);
    model.compile({ optimizer: reg.optimizer, loss: 'categoricalCrossentropy' });
    const ds = tf.data
      .array([0, 4])
      .map(from => ({ xs: tf.slice(x.image!, from, 4), ys: tf.slice(y.label!, from, 4) }));
    await model.fitDataset(reg.dataset(ds as never), { epochs: 2, verbose: 0, callbacks: reg.callback as never });
    reg.dispose();
    return values(model.getWeights()[0]!);
  };
  const recipe = () => [randomFlip(), cutout(2), untilEpoch(mixup(0.4), 1), labelSmoothing(0.1)];
  const plain = await train([]);
  expect(await train(recipe())).toEqual(await train(recipe()));
  expect(await train(recipe())).not.toEqual(plain);
});
