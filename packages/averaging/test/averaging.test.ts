import { readFileSync } from 'node:fs';
import { definePlugin, type TrainingPlugin } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import { conformance } from '@keepprob/testing';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { blend, ema, runningMean, swa } from '../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

type Matrix = number[][];
interface Oracle {
  network: { x: Matrix; labels: number[]; W1: Matrix; b1: number[]; W2: Matrix; b2: number[] };
  steps: Record<string, { W1: Matrix; b1: number[]; W2: Matrix; b2: number[] }>;
}
const oracle = JSON.parse(readFileSync(new URL('./oracle/torch.json', import.meta.url), 'utf8')) as Oracle;
const values = (model: tf.LayersModel): number[][] => model.getWeights().map(w => [...w.dataSync()]);
const loss = (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor =>
  tf.losses.softmaxCrossEntropy(yTrue, yPred) as tf.Tensor;

function network(): { model: tf.LayersModel; x: tf.Tensor2D; y: tf.Tensor } {
  const { x, labels, W1, b1, W2, b2 } = oracle.network;
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 5, activation: 'tanh', inputShape: [3], weights: [tf.tensor2d(W1), tf.tensor1d(b1)] }),
      tf.layers.dense({ units: 4, weights: [tf.tensor2d(W2), tf.tensor1d(b2)] }),
    ],
  });
  return { model, x: tf.tensor2d(x), y: tf.oneHot(tf.tensor1d(labels, 'int32'), 4) };
}

/** The weights after every update. */
function recorder(): { plugin: TrainingPlugin; steps: number[][][] } {
  const steps: number[][][] = [];
  const record = definePlugin<object>({
    name: 'record',
    options: {},
    setup: () => ({
      afterUpdate(weights) {
        steps.push(weights.map(w => [...w.variable.dataSync()]));
      },
    }),
  });
  return { plugin: record(), steps };
}
const close = (got: number[][], wanted: number[][], tolerance = 1e-5): void => {
  got.flat().forEach((v, i) => {
    expect(Math.abs(v - wanted.flat()[i]!)).toBeLessThan(tolerance);
  });
};
const five = { epochs: 5, batchSize: 8, shuffle: false } as const;

describe('ema', () => {
  test('against PyTorch: decay .9 from the initial weights, over five steps of SGD, in stock fit', async () => {
    const { model, x, y } = network();
    const reg = attach(model, tf.train.sgd(0.1), ema({ decay: 0.9, debias: false, evaluate: false }));
    model.compile({ optimizer: reg.optimizer, loss });
    await model.fit(x, y, { ...five, verbose: 0, callbacks: reg.callback });
    const { W1, b1, W2, b2 } = oracle.steps.sgd_ema!;
    close(values(model), [W1.flat(), b1, W2.flat(), b2]);
    reg.dispose();
  });
  test('debiased: the weighted mean of the weights of this run', async () => {
    const { model, x, y } = network();
    const { plugin, steps } = recorder();
    await fit(
      model,
      { x, y },
      { loss, optimizer: tf.train.sgd(0.1), ...five, progress: false, plugins: [plugin, ema(0.8)] },
    );
    const total = steps.map((_, t) => 0.8 ** (steps.length - 1 - t)).reduce((a, b) => a + b);
    const wanted = steps[0]!.map((w, i) =>
      w.map((_, j) => steps.reduce((sum, s, t) => sum + (0.8 ** (steps.length - 1 - t) * s[i]![j]!) / total, 0)),
    );
    close(values(model), wanted);
  });
  test('evaluation sees the average, training the weights; both come back when evaluation throws', async () => {
    const { model, x, y } = network();
    const { plugin, steps } = recorder();
    const seen: number[][][] = [];
    const metric = (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor => {
      seen.push(values(model));
      return tf.mean(tf.sub(yTrue, yPred));
    };
    const options = {
      loss,
      optimizer: tf.train.sgd(0.1),
      ...five,
      epochs: 1,
      progress: false as const,
      metrics: [metric],
    };
    await fit(
      model,
      { x, y },
      { ...options, validation: { x, y }, plugins: [plugin, ema({ decay: 0.5, debias: false })] },
    );
    const initial = values(network().model);
    const average = initial.map((w, i) => w.map((v, j) => 0.5 * v + 0.5 * steps[0]![i]![j]!));
    close(seen[0]!, initial, 1e-9);
    close(seen.at(-1)!, average);

    const other = network().model;
    let calls = 0;
    const failing = (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor => {
      if (calls++ > 0) throw new Error('no metric today');
      return tf.mean(tf.sub(yTrue, yPred));
    };
    const before = tf.memory().numTensors;
    await expect(
      fit(other, { x, y }, { ...options, metrics: [failing], validation: { x, y }, plugins: [plugin, ema(0.5)] }),
    ).rejects.toThrow(/no metric today/);
    // the average of one step is the weights of that step
    close(values(other), steps.at(-1)!);
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
  });
  test('stock fit cannot swap for validation: refused at attachment, with the way out in the docs', () => {
    expect(() => attach(network().model, tf.train.sgd(0.1), ema(0.9))).toThrow(/evaluate/);
  });
  test('state and restore: a run that goes on has the same average', async () => {
    const { setup } = ema(0.9);
    const w = tf.variable(tf.tensor1d([1, 2]));
    const weight = { variable: w, path: 'w', layer: 'l', role: 'kernel', fanInAxes: [0], trainable: true } as const;
    const at = { step: 0, phase: 'train', epoch: 0, learningRate: 1, rows: [0, 1] } as never;
    const [whole, first] = [setup({ host: 'fit', site: 0 }), setup({ host: 'fit', site: 0 })];
    const update = (hooks: typeof whole): void => {
      hooks.beforeUpdate!([weight], at);
      hooks.afterUpdate!([weight], at);
    };
    update(whole);
    update(first);
    const second = setup({ host: 'fit', site: 0 });
    second.restore!(first.state!());
    w.assign(tf.tensor1d([5, -3]));
    update(whole);
    update(second);
    const result = (hooks: typeof whole): number[] => [
      ...(hooks.end!([weight]) as Map<string, tf.Tensor>).get('w')!.dataSync(),
    ];
    expect(result(second)).toEqual(result(whole));
    expect(result(whole)[0]).toBeCloseTo((0.9 * 1 + 5) / 1.9, 5);
    for (const hooks of [whole, first, second]) hooks.dispose!();
  });
  test('blend', () => {
    expect([...blend(tf.tensor1d([1, 0]), tf.tensor1d([0, 1]), 0.75).dataSync()]).toEqual([0.75, 0.25]);
  });
});

describe('swa', () => {
  test.each([1, 2])('the mean of the weights at the ends of every %i epochs from startEpoch on', async every => {
    const { model, x, y } = network();
    const { plugin, steps } = recorder();
    await fit(
      model,
      { x, y },
      {
        loss,
        optimizer: tf.train.sgd(0.1),
        ...five,
        progress: false,
        plugins: [plugin, swa({ startEpoch: 2, every })],
      },
    );
    const picked = steps.filter((_, epoch) => epoch >= 2 && (epoch - 2) % every === 0);
    expect(picked).toHaveLength(every === 1 ? 3 : 2);
    close(
      values(model),
      picked[0]!.map((w, i) => w.map((_, j) => picked.reduce((s, p) => s + p[i]![j]! / picked.length, 0))),
    );
  });
  test('its learning rate holds from startEpoch on', async () => {
    const { model, x, y } = network();
    const rates: number[] = [];
    const watch = definePlugin<object>({
      name: 'watch',
      options: {},
      setup: () => ({ beforeUpdate: (_, at) => void rates.push(at.learningRate) }),
    });
    await fit(
      model,
      { x, y },
      {
        loss,
        optimizer: tf.train.sgd(0.1),
        ...five,
        progress: false,
        plugins: [watch(), swa({ startEpoch: 3, learningRate: 0.05 })],
      },
    );
    expect(rates).toEqual([0.1, 0.1, 0.1, 0.05, 0.05]);
  });
  test('a run that ends before startEpoch keeps its weights', async () => {
    const { model, x, y } = network();
    const { plugin, steps } = recorder();
    await fit(
      model,
      { x, y },
      { loss, optimizer: tf.train.sgd(0.1), ...five, progress: false, plugins: [plugin, swa({ startEpoch: 9 })] },
    );
    expect(values(model)).toEqual(steps.at(-1));
  });
  test('runningMean', () => {
    expect([...runningMean(tf.tensor1d([2]), tf.tensor1d([8]), 3).dataSync()]).toEqual([4]);
  });
});

const runner = { describe, it };
conformance(runner, {
  kind: 'training',
  name: 'ema',
  create: ema,
  options: { decay: 0.9, evaluate: false },
  variants: [
    { decay: 0.8, evaluate: false },
    { decay: 0.9, debias: false, evaluate: false },
  ],
  bad: [
    { options: { decay: 1 }, option: 'decay' },
    { options: { decay: -0.1 }, option: 'decay' },
    { options: { decay: 0.9, debias: 'yes' }, option: 'debias' },
    { options: { decay: 0.9, evaluate: 1 }, option: 'evaluate' },
  ],
});
conformance(runner, {
  kind: 'training',
  name: 'swa',
  create: swa,
  options: { startEpoch: 100 },
  variants: [{ startEpoch: 101 }, { startEpoch: 100, every: 2 }, { startEpoch: 100, learningRate: 0.1 }],
  bad: [
    { options: { startEpoch: -1 }, option: 'startEpoch' },
    { options: { startEpoch: 1, every: 0 }, option: 'every' },
    { options: { startEpoch: 1, learningRate: 0 }, option: 'learningRate' },
    { options: {}, option: 'startEpoch' },
  ],
  neutral: true,
});
