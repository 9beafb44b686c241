import type { Hooks, Moment, Snapshot, Weight } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import { conformance } from '@keepprob/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it, test } from 'vitest';
import { blend, type EmaOptions, ema, warmedUp } from '../src/index.ts';
import { close, five, loss, network, oracle, recorder, train, values } from './network.ts';

const weightOf = (path: string): Weight => ({
  variable: tf.variable(tf.scalar(0)),
  path,
  layer: path,
  role: 'kernel',
  fanInAxes: [],
  trainable: true,
});
const momentOf = (step: number): Moment =>
  ({ step, phase: 'train', epoch: 0, learningRate: 1, rows: [0, 1], key: () => ({}) }) as never;

test('against PyTorch: decay .9 from the initial weights, over five steps of SGD, in stock fit', async () => {
  const { model, x, y } = network();
  const reg = attach(model, tf.train.sgd(0.1), ema({ decay: 0.9, start: 'initial', evaluate: false }));
  model.compile({ optimizer: reg.optimizer, loss });
  await model.fit(x, y, { ...five, verbose: 0, callbacks: reg.callback });
  const { W1, b1, W2, b2 } = oracle.steps.sgd_ema!;
  close(values(model), [W1.flat(), b1, W2.flat(), b2]);
  reg.dispose();
});
test('debiased: the weighted mean of the weights of this run', async () => {
  const { model, x, y } = network();
  const { plugin, steps } = recorder();
  await train(model, { x, y }, { plugins: [plugin, ema(0.8)] });
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
  const options = { epochs: 1, metrics: [metric], validation: { x, y } };
  await train(model, { x, y }, { ...options, plugins: [plugin, ema({ decay: 0.5, start: 'initial' })] });
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
  const optimizer = tf.train.sgd(0.1); // which keeps a tensor of its own
  const before = tf.memory().numTensors;
  const broken = train(other, { x, y }, { ...options, metrics: [failing], optimizer, plugins: [plugin, ema(0.5)] });
  await expect(broken).rejects.toThrow(/no metric today/);
  // the average of one step is the weights of that step
  close(values(other), steps.at(-1)!);
  expect(tf.memory().numTensors).toBe(before);
});
test('stock fit cannot swap for validation: refused at attachment, with the way out in the docs', () => {
  expect(() => attach(network().model, tf.train.sgd(0.1), ema(0.9))).toThrow(/evaluate/);
});
test('warm-up: the nth update has min(d, (1 + n) / (10 + n))', async () => {
  const { model, x, y } = network();
  const { plugin, steps } = recorder();
  const average = ema({ decay: 0.3, warmup: true, start: 'initial' });
  await train(model, { x, y }, { plugins: [plugin, average] });
  let e = values(network().model);
  for (const [n, d] of [1 / 10, 2 / 11, 3 / 12, 0.3, 0.3].entries()) {
    e = e.map((w, i) => w.map((v, j) => d * v + (1 - d) * steps[n]![i]![j]!));
  }
  close(values(model), e);
  expect([0, 1, 2, 90].map(n => warmedUp(0.9, n))).toEqual([0.1, 2 / 11, 0.25, 0.9]);
});
test('every: the average is updated at every second update', async () => {
  const { model, x, y } = network();
  const { plugin, steps } = recorder();
  await train(model, { x, y }, { plugins: [plugin, ema({ decay: 0.5, start: 'initial', every: { steps: 2 } })] });
  const initial = values(network().model);
  // after updates 2 and 4 of 5
  close(
    values(model),
    initial.map((w, i) => w.map((v, j) => 0.25 * v + 0.25 * steps[1]![i]![j]! + 0.5 * steps[3]![i]![j]!)),
  );
});
test('a weight that is frozen keeps its average; one that is thawed starts an average of its own', () => {
  const hooks = ema(0.5).setup({ host: 'fit', site: 0 });
  const [a, b] = ['a', 'b'].map(weightOf) as [Weight, Weight];
  const update = (step: number, ...weights: Weight[]): void => {
    for (const { variable } of weights) tf.tidy(() => variable.assign(tf.scalar(step)));
    tf.tidy(() => hooks.afterUpdate!(weights, momentOf(step)));
  };
  for (const step of [1, 2]) update(step, a);
  for (const step of [3, 4, 5]) update(step, b);
  const got = Object.fromEntries([...hooks.end!([a, b])!].map(([path, t]) => [path, t.dataSync()[0]!]));
  expect(got.a).toBeCloseTo((0.5 * 1 + 2) / 1.5, 5);
  expect(got.b).toBeCloseTo((0.25 * 3 + 0.5 * 4 + 5) / 1.75, 5);
  hooks.dispose!();
});
test.each<EmaOptions>([{ decay: 0.9 }, { decay: 0.9, start: 'initial' }, { decay: 0.9, warmup: true }])(
  'state and restore: a run that goes on has the same average: %j',
  options => {
    const { setup } = ema(options);
    const weight = weightOf('w');
    const [whole, first] = [setup({ host: 'fit', site: 0 }), setup({ host: 'fit', site: 0 })];
    const update = (hooks: Hooks, step: number): void => {
      hooks.beforeUpdate?.([weight], momentOf(step));
      tf.tidy(() => weight.variable.assign(tf.scalar(step * step - 3)));
      hooks.afterUpdate!([weight], momentOf(step));
    };
    for (const step of [0, 1]) update(whole, step);
    tf.tidy(() => weight.variable.assign(tf.scalar(0)));
    for (const step of [0, 1]) update(first, step);
    const second = setup({ host: 'fit', site: 0 });
    const { tensors, values } = first.state!();
    second.restore!({ tensors, values: JSON.parse(JSON.stringify(values)) });
    for (const step of [2, 3]) {
      update(whole, step);
      update(second, step);
    }
    const result = (hooks: Hooks): number => (hooks.end!([weight]) as Snapshot).get('w')!.dataSync()[0]!;
    expect(result(second)).toBe(result(whole));
    for (const hooks of [whole, first, second]) hooks.dispose!();
  },
);
test('blend', () => {
  expect([...blend(tf.tensor1d([1, 0]), tf.tensor1d([0, 1]), 0.75).dataSync()]).toEqual([0.75, 0.25]);
});

conformance(
  { describe, it },
  {
    kind: 'training',
    name: 'ema that evaluates',
    create: ema,
    options: { decay: 0.9 },
    variants: [{ decay: 0.8 }],
    bad: [],
  },
);
test("start: 'first', as Keras and PyTorch: e₁ = w₁, then d e + (1 − d) w", async () => {
  const { model, x, y } = network();
  const { plugin, steps } = recorder();
  await train(model, { x, y }, { plugins: [plugin, ema({ decay: 0.8, start: 'first' })] });
  const [first, ...rest] = steps;
  const wanted = rest.reduce((e, s) => e.map((w, i) => w.map((v, j) => 0.8 * v + 0.2 * s[i]![j]!)), first!);
  expect(rest.length).toBeGreaterThan(2);
  close(values(model), wanted);
});
