import { DataError, OptionError } from '@keepprob/core';
import { dropout, setKeepProb } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { updateBatchNorm } from '../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const bn = (more = {}) => tf.layers.batchNormalization({ momentum: 0.9, ...more });
const statistics = (model: tf.LayersModel): number[] =>
  model.layers.flatMap(layer => layer.weights.filter(w => !w.trainable).flatMap(w => [...w.read().dataSync()]));
/** Batch norm alone: its statistics are those of the data. */
const alone = () => tf.sequential({ layers: [bn({ inputShape: [2] })] });
const mean = (values: number[]): number => values.reduce((a, b) => a + b) / values.length;
const variance = (values: number[]): number => mean(values.map(v => (v - mean(values)) ** 2));
const close = (got: number[], wanted: number[]): void => {
  expect(got).toHaveLength(wanted.length);
  for (const [i, value] of got.entries()) expect(value).toBeCloseTo(wanted[i]!, 5);
};

const first = [1, 2, 6, 3, 9, -1, 4];
const second = [0, 5, 5, 2, 2, 8, 1];
const x = () => tf.tensor2d(first.map((v, i) => [v, second[i]!]));

/** Means over batches of `size` rows, each batch counted by its rows: means, then variances. */
function expected(size: number): number[] {
  const starts = first.map((_, i) => i).filter(i => i % size === 0);
  const weighted = (column: number[], f: (values: number[]) => number): number =>
    starts.reduce((sum, from) => {
      const batch = column.slice(from, from + size);
      return sum + (f(batch) * batch.length) / column.length;
    }, 0);
  return [mean, variance].flatMap(f => [first, second].map(column => weighted(column, f)));
}

describe('statistics', () => {
  test.each([3, 7, 100])('are the means over all rows, in batches of %i, whatever they were before', async size => {
    const model = alone();
    model.layers[0]!.setWeights([tf.ones([2]), tf.zeros([2]), tf.fill([2], 50), tf.fill([2], 80)]);
    await updateBatchNorm(model, x(), { batchSize: size });
    close(statistics(model), expected(size));
  });
  test('frozen layers are left alone, and are at inference for those behind them', async () => {
    const model = tf.sequential({ layers: [bn({ inputShape: [2], trainable: false }), bn()] });
    await updateBatchNorm(model, x());
    const [before, after] = [statistics(model).slice(0, 4), statistics(model).slice(-4)];
    expect(before).toEqual([0, 0, 1, 1]);
    const scale = 1 / Math.sqrt(1 + 1e-3); // the frozen one divides by √(1 + ε)
    close(after, [
      mean(first) * scale,
      mean(second) * scale,
      variance(first) * scale ** 2,
      variance(second) * scale ** 2,
    ]);
  });
  test('the momentum of training is left as it was', async () => {
    const model = alone();
    await updateBatchNorm(model, x());
    const [m0] = statistics(model);
    model.apply(tf.zeros([4, 2]), { training: true });
    expect(statistics(model)[0]).toBeCloseTo(0.9 * m0!, 5);
  });
  test('streams, datasets, records and data beside labels give the same; batches of a stream are disposed', async () => {
    const wanted = expected(4);
    const parts = (): tf.Tensor[] => [tf.slice(x(), [0, 0], [4, 2]), tf.slice(x(), [4, 0], [3, 2])];
    const streams: (() => Parameters<typeof updateBatchNorm>[1])[] = [
      () => ({ x: x(), y: tf.zeros([7]) }),
      () => new Set(parts()),
      async function* () {
        for (const xs of parts()) yield { xs, ys: tf.zeros([1]) };
      } as never,
      () => tf.data.array(first.map((v, i) => [v, second[i]!])).batch(4) as never,
    ];
    for (const stream of streams) {
      const model = alone();
      const data = typeof stream === 'function' ? stream() : stream;
      await updateBatchNorm(model, data, { batchSize: 4 });
      close(statistics(model), wanted);
    }
    const model = alone();
    const given = parts();
    const before = tf.memory().numTensors;
    await updateBatchNorm(model, new Set(given));
    expect(tf.memory().numTensors).toBe(before - 2);
  });
  test('inputs by name, nested models, and models without batch norm', async () => {
    const [a, b] = [tf.input({ shape: [1], name: 'a' }), tf.input({ shape: [1], name: 'b' })];
    const joined = tf.layers.concatenate().apply([a, b]) as tf.SymbolicTensor;
    const model = tf.model({ inputs: [a, b], outputs: alone().apply(joined) as tf.SymbolicTensor });
    const column = (values: number[]) => tf.tensor2d(values, [7, 1]);
    const inner = () => statistics(model.layers.at(-1) as unknown as tf.LayersModel);
    for (const data of [{ b: column(second), a: column(first) }, [column(first), column(second)]]) {
      await updateBatchNorm(model, data, { batchSize: 3 });
      close(inner(), expected(3));
    }
    await updateBatchNorm(tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] }), x());
  });
});

describe('dropout in front', () => {
  const withDropout = () =>
    tf.sequential({ layers: [dropout({ keepProb: 0.5, inputShape: [2], seed: 3 }), bn({ name: 'norm' })] });
  test('is on, from the seed; off with setKeepProb', async () => {
    const run = async (options = {}) => {
      const model = withDropout();
      await updateBatchNorm(model, x(), { batchSize: 7, ...options });
      return statistics(model);
    };
    const once = await run();
    expect(await run()).toEqual(once);
    expect(once).not.toEqual(expected(7));
    const model = withDropout();
    const restore = setKeepProb(model, 1);
    await updateBatchNorm(model, x(), { batchSize: 7 });
    restore();
    close(statistics(model), expected(7));
  });
  test('draws nothing of the layer’s own clock', async () => {
    const say = (model: tf.LayersModel) => [...(model.apply(x(), { training: true }) as tf.Tensor).dataSync()];
    const [looked, plain] = [withDropout(), withDropout()];
    await updateBatchNorm(looked, x());
    expect(say(looked)).toEqual(say(plain));
  });
});

describe('when it fails', () => {
  const broken = async function* () {
    yield x();
    throw new Error('disk gone');
  };
  test.each<[string, () => Parameters<typeof updateBatchNorm>[1], RegExp]>([
    ['the stream', broken, /disk gone/],
    ['another shape', () => new Set([x(), tf.zeros([4, 3])]), /shape|dimension|match/i],
    ['no rows', () => new Set<tf.Tensor>(), /at least one row/],
    ['not a tensor', () => new Set([x(), 3 as never]), /a tensor for each of/],
    ['two inputs', () => [x(), x()], /2 values/],
    ['null', () => null as never, /null/],
  ])('%s: the old statistics come back, nothing leaks', async (_, data, message) => {
    const model = alone();
    const before = statistics(model);
    const given = data();
    const tensors = tf.memory().numTensors;
    const error = await updateBatchNorm(model, given as never).catch((e: unknown) => e as Error);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toMatch(message);
    expect(statistics(model)).toEqual(before);
    expect(tf.memory().numTensors).toBeLessThanOrEqual(tensors);
    model.apply(tf.zeros([4, 2]), { training: true });
    expect(statistics(model)[2]).toBeCloseTo(0.9, 5);
  });
  test('errors are typed', async () => {
    await expect(updateBatchNorm(alone(), [x(), x()])).rejects.toThrow(DataError);
    await expect(updateBatchNorm(alone(), x(), { batchSize: 0 })).rejects.toThrow(OptionError);
    await expect(updateBatchNorm(alone(), x(), { batchsize: 3 } as never)).rejects.toThrow(/Did you mean `batchSize`/);
  });
});
