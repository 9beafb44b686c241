import { DataError, OptionError } from '@keepprob/core';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { labelSmoothing, mixRows, mixup, smoothLabels } from '../../src/index.ts';
import { changed, values } from '../moments.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});
test('mixing by hand; λ = 1 is the identity', () => {
  const t = tf.tensor2d([
    [1, 2],
    [3, 6],
  ]);
  const partner = tf.tensor1d([1, 0], 'int32');
  expect(values(mixRows(t, tf.tensor1d([0.5, 1]), partner))).toEqual([2, 4, 3, 6]);
});
test('mixup: label sums stay 1, metrics unmixed, seeded, steps differ, no leak', () => {
  const batch = {
    x: { in: tf.randomNormal([4, 3]) },
    y: {
      out: tf.tensor2d([
        [1, 0],
        [0, 1],
        [1, 0],
        [0, 1],
      ]),
    },
  };
  const run = (step: number) => changed(mixup(1), batch, { step });
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const mixed = run(0);
    for (const s of values(tf.sum(mixed.y.out!, 1))) expect(s).toBeCloseTo(1, 6);
    expect(mixed.metricY!.out).toBe(batch.y.out);
    expect(values(run(0).x.in!)).toEqual(values(mixed.x.in!));
    expect(values(run(1).x.in!)).not.toEqual(values(mixed.x.in!));
    const none = changed(mixup({ alpha: 1, probability: 0 }), batch);
    expect(values(none.x.in!)).toEqual(values(batch.x.in));
  });
  expect(tf.memory().numTensors).toBe(before);
});
test('smoothing before or after mixup is the same', () => {
  const y = tf.oneHot(tf.tensor1d([0, 1, 2], 'int32'), 4);
  const [lambda, partner] = [tf.tensor1d([0.3, 0.9, 1]), tf.tensor1d([1, 2, 0], 'int32')];
  const before = values(mixRows(smoothLabels(y, 0.1), lambda, partner));
  const after = values(smoothLabels(mixRows(y, lambda, partner), 0.1));
  for (const [i, v] of before.entries()) expect(v).toBeCloseTo(after[i]!, 6);
});
test('class numbers are a DataError, bad options an OptionError', () => {
  const batch = { x: { in: tf.zeros([2, 3]) }, y: { out: tf.tensor1d([0, 1], 'int32') } };
  expect(() => changed(mixup(1), batch)).toThrow(DataError);
  expect(() => mixup(-1)).toThrow(OptionError);
});
test('fit trains with both, the same twice', async () => {
  const x = tf.randomNormal([8, 3], 0, 1, 'float32', 1);
  const y = tf.cast(tf.oneHot([0, 1, 0, 1, 0, 1, 0, 1], 2), 'float32');
  const train = async (on: boolean) => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 2, inputShape: [3], activation: 'softmax', kernelInitializer: 'ones' })],
    });
    await fit(
      model,
      { x, y },
      {
        loss: 'categoricalCrossentropy',
        optimizer: tf.train.sgd(0.1),
        epochs: 2,
        batchSize: 4,
        seed: 7,
        plugins: [on && mixup(1), on && labelSmoothing(0.1)],
      },
    );
    return values(model.getWeights()[0]!);
  };
  expect(await train(true)).toEqual(await train(true));
  expect(await train(true)).not.toEqual(await train(false));
});

test('single numbers are mixed where they are said to be values: 0 and 1, or targets of a regression', () => {
  tf.tidy(() => {
    const rows = 4;
    for (const y of [
      tf.tensor1d([0, 1, 1, 0]),
      tf.tensor2d([[0.5], [-2], [7], [3]]),
      tf.tensor1d([0, 1, 1, 0], 'int32'),
    ]) {
      const batch = { x: { in: tf.cast(tf.reshape(y, [rows, 1]), 'float32') }, y: { out: y } };
      expect(() => changed(mixup(1), batch)).toThrow(/labels: 'values'/);
      const mixed = changed(mixup({ alpha: 1, labels: 'values' }), batch);
      expect(mixed.y.out!.shape).toEqual(y.shape);
      // x is y: it stays so, and the mean over a block of partners too
      expect(values(mixed.y.out)).toEqual(values(mixed.x.in));
      expect(values(mixed.y.out)).not.toEqual(values(batch.y.out));
    }
  });
});
