import { DataError, type Moment, OptionError } from '@keepprob/core';
import { permutation, uniforms } from '@keepprob/core/random';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { labelSmoothing, mixRows, mixup, smoothLabels } from '../src/index.ts';
import { betas } from '../src/mixing/betas.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});
const key = { seed: 7, step: 3, site: 65_536, draw: 0 };
const moment = (step: number): Moment => ({
  step,
  phase: 'train',
  epoch: 0,
  learningRate: 0.1,
  rows: [0, 4],
  key: stream => ({ ...key, step, site: key.site + ['partner', 'probability'].indexOf(stream ?? '') + 1 }),
});
const hooks = { host: 'fit', site: 65_536 } as const;
const values = (t: tf.Tensor) => [...t.dataSync()];

test('uniforms: shards equal the whole; a permutation holds each row once', () => {
  expect([...uniforms(key, 5, 3)]).toEqual([...uniforms(key, 8)].slice(3));
  expect([...betas(0.2, key, 5, 3)]).toEqual([...betas(0.2, key, 8)].slice(3));
  expect([...permutation(key, 9)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});
test.each([0.1, 0.4, 1, 5])('Beta(α, α), α = %f: mean 1/2, variance 1 / (4 (2α + 1))', alpha => {
  const n = 20_000;
  const b = betas(alpha, key, n);
  const variance = 1 / (4 * (2 * alpha + 1));
  expect(Math.abs(b.reduce((s, v) => s + v, 0) / n - 0.5)).toBeLessThan(4 * Math.sqrt(variance / n));
  expect(b.reduce((s, v) => s + (v - 0.5) ** 2, 0) / n / variance).toBeCloseTo(1, 1);
});
test('smoothing by hand: 1 · 0.9 + 0.1 / 4 = 0.925', () => {
  const y = values(smoothLabels(tf.tensor2d([[0, 1, 0, 0]]), 0.1));
  for (const [i, v] of [0.025, 0.925, 0.025, 0.025].entries()) expect(y[i]).toBeCloseTo(v, 6);
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
  const run = (step: number) => mixup(1).setup(hooks).batch!(batch, moment(step));
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const mixed = run(0);
    for (const s of values(tf.sum(mixed.y.out!, 1))) expect(s).toBeCloseTo(1, 6);
    expect(mixed.metricY!.out).toBe(batch.y.out);
    expect(values(run(0).x.in!)).toEqual(values(mixed.x.in!));
    expect(values(run(1).x.in!)).not.toEqual(values(mixed.x.in!));
    const none = mixup({ alpha: 1, probability: 0 }).setup(hooks).batch!(batch, moment(0));
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
  for (const plugin of [mixup(1), labelSmoothing(0.1)]) {
    expect(() => plugin.setup(hooks).batch!(batch, moment(0))).toThrow(DataError);
  }
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

test('labels are smoothed where they are classes: the outputs that are named', () => {
  tf.tidy(() => {
    const batch = {
      x: { x: tf.ones([2, 1]) },
      y: {
        kind: tf.tensor2d([
          [1, 0],
          [0, 1],
        ]),
        amount: tf.tensor2d([[10], [-3]]),
      },
    };
    const smoothed = (options: Parameters<typeof labelSmoothing>[0]) =>
      labelSmoothing(options).setup(hooks).batch!(batch, moment(0));
    const { y, metricY } = smoothed({ smoothing: 0.1, outputs: ['kind'] });
    expect(values(y.kind!)).toEqual([0.95, 0.05, 0.05, 0.95].map(v => Math.fround(v)));
    expect(y.amount).toBe(batch.y.amount);
    expect(metricY).toEqual(batch.y);
    expect(() => smoothed(0.1)).toThrow(/labels of "amount"/);
    expect(() => smoothed({ smoothing: 0.1, outputs: ['sort'] })).toThrow(/names among kind, amount/);
  });
});
