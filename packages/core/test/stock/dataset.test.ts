import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { definePlugin, type TrainingPlugin } from '../../src/index.ts';
import { attach } from '../../src/stock.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

type Rows = tf.data.Dataset<{ xs: tf.Tensor; ys: tf.Tensor }>;

/** y + 10, and the steps that it is told. */
function shifting() {
  const steps: number[] = [];
  const plugin: TrainingPlugin = definePlugin({
    name: 'shift',
    options: {},
    setup: () => ({
      batch({ x, y }, at) {
        steps.push(at.step);
        return { x, y: Object.fromEntries(Object.entries(y).map(([name, t]) => [name, tf.add(t, 10)])) };
      },
    }),
  })();
  return { plugin, steps };
}

const batches = (): Rows => tf.data.array([1, 2, 3, 4].map(i => ({ xs: [i, 0], ys: [i] }))).batch(2) as unknown as Rows;
const net = () => tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });

describe('what is chained behind reg.dataset keeps the plugins', () => {
  test.each<[string, (d: Rows) => Rows, number[]]>([
    ['nothing', d => d, [11, 12, 13, 14]],
    ['prefetch', d => d.prefetch(2) as Rows, [11, 12, 13, 14]],
    ['repeat', d => d.repeat(2) as Rows, [11, 12, 13, 14, 11, 12, 13, 14]],
    ['take', d => d.take(1) as Rows, [11, 12]],
    ['skip', d => d.skip(1) as Rows, [13, 14]],
    ['filter', d => d.filter(() => true) as Rows, [11, 12, 13, 14]],
    ['map', d => d.map(({ xs, ys }) => ({ xs, ys: tf.neg(ys) })) as Rows, [-11, -12, -13, -14]],
    ['mapAsync', d => d.mapAsync(async item => item) as Rows, [11, 12, 13, 14]],
    ['concatenate', d => d.concatenate(batches()) as Rows, [11, 12, 13, 14, 1, 2, 3, 4]],
    ['several', d => d.take(2).repeat(2).skip(1).prefetch(1) as Rows, [13, 14, 11, 12, 13, 14]],
  ])('%s', async (_, chained, labels) => {
    const { plugin } = shifting();
    const dataset = chained(attach(net(), tf.train.sgd(0.1), plugin).dataset(batches()));
    const before = tf.memory().numTensors;
    const seen: number[] = [];
    await dataset.forEachAsync(({ xs, ys }) => {
      seen.push(...ys.dataSync());
      tf.dispose([xs, ys]);
    });
    expect(seen).toEqual(labels);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('shuffle', async () => {
    const { plugin } = shifting();
    const dataset = attach(net(), tf.train.sgd(0.1), plugin).dataset(batches()).shuffle(2, '1') as Rows;
    const seen: number[] = [];
    await dataset.forEachAsync(({ ys }) => void seen.push(...ys.dataSync()));
    expect(seen.sort()).toEqual([11, 12, 13, 14]);
  });
});

test.each<[string, (t: tf.Tensor) => unknown]>([
  ['a tensor', t => t],
  ['a list', t => [t]],
  ['an object', t => ({ out: t })],
])('what was %s stays one', async (_, as) => {
  const { plugin } = shifting();
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], name: 'out' })] });
  const dataset = attach(model, tf.train.sgd(0.1), plugin).dataset({
    iterator: async () => ({
      next: async () => ({ done: false, value: { xs: tf.ones([1, 2]), ys: as(tf.zeros([1, 1])) as tf.Tensor } }),
    }),
  });
  const { value } = await (await dataset.iterator()).next();
  const kindOf = (given: unknown): string =>
    given instanceof tf.Tensor ? 'a tensor' : Array.isArray(given) ? 'a list' : Object.keys(given as object).join();
  expect(kindOf(value.ys)).toBe(kindOf(as(tf.zeros([1, 1]))));
});

test('in fitDataset, epoch after epoch, the hooks are told the step that the batch is for', async () => {
  const { plugin, steps } = shifting();
  const model = net();
  const reg = attach(model, tf.train.sgd(0.01), plugin);
  model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
  await model.fitDataset(reg.dataset(batches()), { epochs: 3, verbose: 0 });
  expect(steps).toEqual([0, 1, 2, 3, 4, 5]);
});

test('a hook that fails leaves no tensor of the batch', async () => {
  const failing = definePlugin({
    name: 'failing',
    options: {},
    setup: () => ({
      batch() {
        throw new Error('no');
      },
    }),
  })();
  const iterator = await attach(net(), tf.train.sgd(0.1), failing).dataset(batches()).iterator();
  const before = tf.memory().numTensors;
  await expect(iterator.next()).rejects.toThrow(/failing/);
  expect(tf.memory().numTensors).toBe(before);
});
