/** `resume: 'force'` takes what fits of a checkpoint, and `restoreWeights` the weights alone. */
import { ema } from '@keepprob/averaging';
import { definePlugin } from '@keepprob/core';
import { earlyStopping } from '@keepprob/stopping';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkpoints, type FitOptions, fit, memoryStore, restoreWeights } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const ROWS = 12;
const build = (units: number): tf.Sequential =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, inputShape: [3] }),
      tf.layers.batchNormalization(),
      tf.layers.dense({ units }),
      tf.layers.dense({ units: 2, activation: 'softmax' }),
    ],
  });
const data = () => ({
  x: tf.randomNormal([ROWS, 3], 0, 1, 'float32', 1),
  y: tf.oneHot(
    tf.tensor1d(
      Array.from({ length: ROWS }, (_, i) => i % 2),
      'int32',
    ),
    2,
  ),
});
const numbers = (model: tf.LayersModel): number[][] => model.getWeights().map(w => [...w.dataSync()]);
const patient = (patience: number) => earlyStopping({ monitor: 'loss', patience });

/** Two epochs of three updates with Adam, an average and early stopping. */
async function saved(options: Partial<FitOptions> = {}) {
  const [model, store] = [build(4), memoryStore()];
  await fit(model, data(), {
    loss: 'categoricalCrossentropy',
    optimizer: tf.train.adam(0.01),
    batchSize: 4,
    epochs: 2,
    seed: 1,
    progress: false,
    plugins: [ema(0.9), patient(5)],
    checkpoint: { store, best: 'cost' },
    ...options,
  });
  return { model, store };
}

/** Goes on by force; with no more epochs than are done, what was taken is all there is. */
async function forced(store: ReturnType<typeof memoryStore>, model: tf.LayersModel, options: Partial<FitOptions> = {}) {
  return fit(model, data(), {
    loss: 'categoricalCrossentropy',
    optimizer: tf.train.adam(0.01),
    batchSize: 4,
    epochs: 2,
    progress: false,
    plugins: [],
    checkpoint: { store },
    resume: 'force',
    ...options,
  });
}

describe("'force'", () => {
  test('another model: the weights that fit, the others as they are', async () => {
    const [{ store }, model] = [await saved(), build(5)];
    const before = numbers(model);
    const { tensors } = (await checkpoints(store).latest())!;
    await forced(store, model);
    const after = numbers(model);
    expect([after[0], after[2]]).not.toEqual([before[0], before[2]]);
    expect(after[0]).toEqual([...tensors['0-Dense/kernel']!.data]);
    expect(after[2]).toEqual([...tensors['1-BatchNormalization/gamma']!.data]);
    // [3, 5] and [5, 2] where [3, 4] and [4, 2] were
    expect([after[4], after[6]]).toEqual([before[4], before[6]]);
    // and it trains on from there
    const run = await forced(store, build(5), { epochs: 3 });
    expect([run.steps, run.epochs]).toEqual([9, 3]);
  });

  test('another optimizer begins anew; the same one with another rate keeps its slots and has the new rate', async () => {
    const momentum = tf.train.momentum(0.1, 0.9);
    await forced((await saved()).store, build(4), { optimizer: momentum, epochs: 3 });
    expect(momentum.iterations).toBe(3);
    // the rate that a plugin had set is the checkpoint's
    const halved = definePlugin({
      name: 'halved',
      options: {},
      setup: () => ({ epochEnd: () => ({ learningRate: 0.005 }) }),
    });
    for (const [given, expected] of [
      [0.01, 0.005],
      [0.002, 0.002],
    ] as const) {
      const adam = tf.train.adam(given);
      const rates: unknown[] = [];
      const probe = definePlugin({
        name: 'probe',
        options: {},
        setup: () => ({ beforeUpdate: () => void rates.push(Reflect.get(adam, 'learningRate')) }),
      });
      const { store } = await saved({ plugins: [halved()] });
      await forced(store, build(4), { optimizer: adam, epochs: 3, plugins: [probe()] });
      expect(rates).toEqual([expected, expected, expected]);
      // the run is over: the optimizer is as it was given
      expect(adam).toMatchObject({ learningRate: given, iterations: 9 });
      expect((adam as unknown as { accumulatedFirstMoment: unknown[] }).accumulatedFirstMoment).toHaveLength(8);
    }
  });

  test.each<[string, () => NonNullable<FitOptions['plugins']>]>([
    ['fewer', () => []],
    ['in another order', () => [patient(5), ema(0.9)]],
    ['of the same names', () => [ema(0.5), patient(1)]],
  ])('plugins %s: it goes on', async (_, plugins) => {
    const { store } = await saved();
    const run = await forced(store, build(4), { plugins: plugins(), epochs: 3 });
    expect([run.steps, run.epochs]).toEqual([9, 3]);
  });

  test('another metric in mid-epoch: it is the mean of the updates that it has seen', async () => {
    const store = memoryStore();
    const dies = { every: 1, store } as const;
    const killed = saved({
      ...{ epochs: 1, plugins: [], checkpoint: dies },
      progress: ({ step }) => {
        if (step === 3) throw new Error('killed');
      },
    });
    await expect(killed).rejects.toThrow('killed');
    const ones = function ones() {
      return tf.ones([1]);
    };
    const run = await forced(store, build(4), { epochs: 1, metrics: [ones] });
    expect(run.history.ones).toEqual([1]);
  });

  test('a run that was stopped goes on under other plugins, and not under the same', async () => {
    const stopping = (patience: number) => [earlyStopping({ monitor: 'loss', patience, minDelta: 100 })];
    const { store } = await saved({ plugins: stopping(1), epochs: 9 });
    expect((await forced(store, build(4), { plugins: stopping(1), epochs: 9 })).epochs).toBe(2);
    expect((await forced(store, build(4), { plugins: stopping(4), epochs: 9 })).epochs).toBeGreaterThan(2);
  });
});

describe('restoreWeights', () => {
  test('gives a model built anew the weights of the best epoch, and leaves no tensor', async () => {
    const [{ store }, model] = [await saved({ plugins: [] }), build(4)];
    const best = await checkpoints(store).best();
    const before = tf.memory().numTensors;
    restoreWeights(model, best);
    expect(tf.memory().numTensors).toBe(before);
    const saves = Object.entries(best!.tensors).filter(([name]) => !name.includes('optimizer/'));
    expect(new Set(numbers(model).map(w => `${w}`))).toEqual(new Set(saves.map(([, { data }]) => `${[...data]}`)));
  });

  test('of another model, or of none, is an error before anything changes', async () => {
    const [{ store }, model] = [await saved(), build(5)];
    const before = numbers(model);
    const best = await checkpoints(store).best();
    expect(() => restoreWeights(model, best)).toThrow(
      /another model:\n.*2-Dense\/kernel: "\[3,4\] float32" in the checkpoint, "\[3,5\]/,
    );
    expect(() => restoreWeights(model, undefined)).toThrow(/no checkpoint/);
    expect(numbers(model)).toEqual(before);
  });
});
