/** Plugins of plugins: randomApply, oneOf, untilEpoch, fromEpoch, and core's chain around them. */
import { type Batch, chain, DataError, OptionError, PluginError, type TrainingPlugin } from '@keepprob/core';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import {
  colorJitter,
  cutmix,
  cutout,
  fromEpoch,
  inputNoise,
  labelSmoothing,
  mixup,
  oneOf,
  randomApply,
  randomCrop,
  randomFlip,
  selectRows,
  untilEpoch,
} from '../../src/index.ts';
import { changed, images, values } from '../moments.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const rowsOf = (t: tf.Tensor): string[] => tf.unstack(t).map(row => values(row).join());
/** Numbers of rows that equal those of each of the others. */
const origins = (t: tf.Tensor, others: readonly tf.Tensor[]): number[] => {
  const rows = rowsOf(t);
  return others.map(other => rowsOf(other).filter((row, i) => row === rows[i]).length);
};

test('rows are selected whole, of any rank and dtype, NaN kept out', () => {
  const chosen = [true, false, true];
  const nan = tf.tensor2d([1, 2, Number.NaN, 4, 5, 6], [3, 2]);
  expect(values(selectRows(chosen, nan, tf.zeros([3, 2])))).toEqual([1, 2, 0, 0, 5, 6]);
  expect(values(selectRows(chosen, tf.tensor1d([1, 2, 3]), tf.tensor1d([4, 5, 6])))).toEqual([1, 5, 3]);
  const ints = selectRows(chosen, tf.tensor1d([1, 2, 3], 'int32'), tf.tensor1d([4, 5, 6], 'int32'));
  expect(ints.dtype).toBe('int32');
  expect(values(ints)).toEqual([1, 5, 3]);
});
test('randomApply changes its share of the samples, within 4σ; 0 none, 1 all', () => {
  const n = 600;
  const batch = images([n, 2, 3, 1]);
  const flip = randomFlip({ probability: 1 });
  const flipped = tf.reverse(batch.x.image!, [2]);
  for (const p of [0, 0.3, 1]) {
    const [plain, changes] = origins(changed(randomApply(flip, p), batch).x.image!, [batch.x.image!, flipped]);
    expect(plain! + changes!).toBe(n);
    expect(Math.abs(changes! - n * p)).toBeLessThanOrEqual(4 * Math.sqrt(n * p * (1 - p)));
  }
});
test('oneOf takes each sample from one of its plugins, all equally likely, labels too', () => {
  const n = 600;
  const { x } = images([n, 4, 4, 1]);
  const batch = { x, y: { y: tf.oneHot(tf.range(0, n, 1, 'int32'), n) }, sampleWeight: { y: tf.range(0, n) } };
  const members = [randomFlip({ probability: 1 }), cutout(2), mixup(1)];
  const result = changed(oneOf(members, false), batch);
  const flipped = origins(result.x.image!, [tf.reverse(x.image!, [2])])[0]!;
  const own = origins(result.y.y!, [batch.y.y])[0]!;
  // labels stay where the image was flipped or cut; metrics see all of them as they were
  const within = (count: number, p: number) =>
    expect(Math.abs(count - n * p)).toBeLessThanOrEqual(4 * Math.sqrt(n * p * (1 - p)));
  within(flipped, 1 / 3);
  within(own, 2 / 3);
  expect(values(result.metricY!.y)).toEqual(values(batch.y.y));
  const [labels, weights] = [result.y.y!.arraySync() as number[][], values(result.sampleWeight!.y)];
  for (const [i, label] of labels.entries()) {
    // row k has weight k: share = λ k / weight, and Σ λ = 1. Row 0 has none
    if (i === 0) expect([weights[0], label[0]]).toEqual([0, 1]);
    else expect(weights[i]! * label.reduce((sum, share, k) => sum + share / Math.max(k, 1), 0)).toBeCloseTo(1, 4);
  }
});
test('members draw from streams of their own', () => {
  const batch = images([8, 4, 4, 1]);
  const twice = changed(chain(randomApply(inputNoise(1), 1), randomApply(inputNoise(1), 1)), batch).x.image!;
  const once = changed(chain(randomApply(inputNoise(1), 1)), batch).x.image!;
  const second = values(tf.sub(twice, once));
  for (const [i, z] of values(tf.sub(once, batch.x.image!)).entries()) expect(second[i]).not.toBeCloseTo(z, 6);
  const nested = oneOf(chain(inputNoise(1), inputNoise(1)), randomApply(mixup(1), 0.5));
  expect(nested.streams).toEqual(['0:', '0:0:', '0:1:', '1:', '1:0:', '1:0:partner', '1:0:probability']);
  expect(() => changed(nested, batch)).not.toThrow();
});
test('before and after an epoch', () => {
  const batch = images([4, 4, 4, 1]);
  const acts = (plugin: TrainingPlugin, epoch: number) => changed(plugin, batch, { epoch }) !== batch;
  expect([0, 1, 2, 3].map(epoch => acts(untilEpoch(cutout(2), 2), epoch))).toEqual([true, true, false, false]);
  expect([0, 1, 2, 3].map(epoch => acts(fromEpoch(cutout(2), 2), epoch))).toEqual([false, false, true, true]);
});

test('only plugins that act on batches alone, only plugins, only equal shapes', () => {
  const other: TrainingPlugin = {
    name: 'both',
    apiVersion: 1,
    config: {},
    setup: () => ({ batch: b => b, end: () => undefined }),
  };
  const { setup: _, ...idle } = other;
  for (const plugin of [randomApply(other, 0.5), oneOf(other), untilEpoch(other, 1), fromEpoch(other, 1)]) {
    expect(() => plugin.setup({ host: 'fit', site: 0 })).toThrow(/"both" has the hook `end`/);
  }
  expect(() => oneOf({ ...idle, setup: () => ({}) }).setup({ host: 'fit', site: 0 })).toThrow(/no hook `batch`/);
  expect(() => oneOf(false)).toThrow(OptionError);
  expect(() => oneOf({} as never)).toThrow(PluginError);
  expect(() => randomApply(other, Number.NaN)).toThrow(OptionError);
  expect(() => untilEpoch(other, 1.5)).toThrow(OptionError);
  const cut = oneOf(randomCrop({ padding: 0, size: [2, 2] }), randomFlip());
  expect(() => changed(cut, images([2, 4, 4, 1]))).toThrow(DataError);
  expect(() => changed(cut, images([2, 4, 4, 1]))).toThrow(/shape \[2,4,4,1\]|shape \[2,2,2,1\]/);
});

test('fit trains with a recipe of them, the same twice, leaving nothing', async () => {
  const { x, y } = images([16, 6, 6, 3]) as Batch & { y: { label: tf.Tensor } };
  const train = async (seed: number) => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({
          filters: 2,
          kernelSize: 3,
          inputShape: [6, 6, 3],
          kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
        }),
        tf.layers.flatten(),
        tf.layers.dense({
          units: 3,
          activation: 'softmax',
          kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }),
        }),
      ],
    });
    await fit(
      model,
      { x: x.image!, y: y.label },
      {
        loss: 'categoricalCrossentropy',
        optimizer: 'sgd',
        epochs: 2,
        batchSize: 8,
        seed,
        progress: false,
        plugins: [
          randomFlip(),
          randomCrop(1),
          randomApply(colorJitter({ brightness: 0.4, hue: 0.1 }), 0.8),
          untilEpoch(oneOf(mixup(0.2), cutmix(1)), 1),
          labelSmoothing(0.1),
        ],
      },
    );
    const weights = model.getWeights().flatMap(w => [...w.dataSync()]);
    model.dispose();
    return weights;
  };
  const first = await train(1);
  const before = tf.memory().numTensors;
  expect(await train(1)).toEqual(first);
  expect(tf.memory().numTensors).toBe(before);
  expect(await train(2)).not.toEqual(first);
  expect(x.image!.isDisposed).toBe(false);
});
