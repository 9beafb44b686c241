/** Keras' Normalization: the oracle is its formula in float64, one number at a time. */
import '@tensorflow/tfjs-backend-cpu';
import { OptionError } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import { l2 } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';
import { type NormalizationOptions, normalization, register } from '../../src/layers.ts';
import { wave } from '../support/models.ts';

const input = (shape: readonly number[]): tf.Tensor =>
  tf.tensor(
    wave(shape.reduce((a, b) => a * b, 1)).map(v => 5 * v),
    [...shape],
  );

type Pick = (index: readonly number[]) => readonly [mean: number, variance: number];

/** What Keras' definition makes of each number. */
function expected(x: tf.Tensor, of: Pick, invert = false): number[] {
  return [...x.dataSync()].map((value, at) => {
    const index: number[] = [];
    for (let axis = x.rank - 1, rest = at; axis >= 0; axis--) {
      index.unshift(rest % (x.shape[axis] ?? 1));
      rest = Math.floor(rest / (x.shape[axis] ?? 1));
    }
    const [mean, variance] = of(index);
    const scale = Math.max(Math.sqrt(variance), 1e-7);
    return invert ? value * scale + mean : (value - mean) / scale;
  });
}

const listed = (values: ArrayLike<number>, digits: number): unknown[] =>
  [...Array.from(values)].map(value => expect.closeTo(value, digits));

const columns = { mean: [1, -2, 30], variance: [4, 0.25, 9] };
const grid = {
  mean: [
    [1, 2, 3],
    [4, 5, 6],
  ],
  variance: [
    [1, 4, 9],
    [16, 25, 36],
  ],
};

describe('the formula', () => {
  test.each<[string, number[], NormalizationOptions, Pick]>([
    ['features', [5, 3], columns, ([, j = 0]) => [columns.mean[j] ?? 0, columns.variance[j] ?? 0]],
    ['one number for all features', [5, 3], { mean: 2, variance: 9 }, () => [2, 9]],
    ['no axis', [2, 4, 3], { axis: [], mean: -1, variance: 0.5 }, () => [-1, 0.5]],
    ['neither', [4, 3], {}, () => [0, 1]],
    ['channels of images', [2, 3, 4, 3], columns, ([, , , c = 0]) => [columns.mean[c] ?? 0, columns.variance[c] ?? 0]],
    [
      'an axis in the middle',
      [2, 3, 5],
      { axis: 1, ...columns },
      ([, i = 0]) => [columns.mean[i] ?? 0, columns.variance[i] ?? 0],
    ],
    [
      'an axis in the middle, with the shape that Keras asked for before 3.12',
      [2, 3, 5],
      { axis: 1, mean: [[1], [-2], [30]], variance: [[4], [0.25], [9]] },
      ([, i = 0]) => [columns.mean[i] ?? 0, columns.variance[i] ?? 0],
    ],
    [
      'two axes, in any order',
      [2, 2, 4, 3],
      { axis: [-1, 1], ...grid },
      ([, i = 0, , c = 0]) => [grid.mean[i]?.[c] ?? 0, grid.variance[i]?.[c] ?? 0],
    ],
    [
      'fewer numbers than axes go along the last of these',
      [2, 2, 4, 3],
      { axis: [1, 3], ...columns },
      ([, , , c = 0]) => [columns.mean[c] ?? 0, columns.variance[c] ?? 0],
    ],
    [
      'a batch of a known size',
      [3, 2],
      { axis: 0, ...columns },
      ([i = 0]) => [columns.mean[i] ?? 0, columns.variance[i] ?? 0],
    ],
    ['a variance of 0', [4, 1], { mean: [0.5], variance: [0] }, () => [0.5, 0]],
  ])('%s', (_, shape, options, of) => {
    const x = input(shape);
    for (const invert of [false, true]) {
      const layer = normalization({ ...options, invert });
      const y = layer.apply(x) as tf.Tensor;
      expect(y.shape).toEqual(shape);
      const wanted = expected(x, of, invert);
      const largest = Math.max(...wanted.map(Math.abs));
      expect([...y.dataSync()].map(v => v / largest)).toEqual(
        listed(
          wanted.map(v => v / largest),
          6,
        ),
      );
    }
  });

  test('integers become numbers', () => {
    const y = normalization({ mean: 1, variance: 4 }).apply(tf.tensor2d([[2, 3]], [1, 2], 'int32')) as tf.Tensor;
    expect(y.dtype).toBe('float32');
    expect([...y.dataSync()]).toEqual([0.5, 1]);
  });

  test('the gradient is that of an affine map', () => {
    const layer = normalization(columns);
    const x = input([4, 3]);
    const slope = tf.grad(at => tf.sum(tf.square(layer.apply(at) as tf.Tensor)))(x);
    const wanted = [...x.dataSync()].map((value, i) => {
      const [mean = 0, variance = 1] = [columns.mean[i % 3], columns.variance[i % 3]];
      return (2 * (value - mean)) / variance;
    });
    expect([...slope.dataSync()]).toEqual(listed(wanted, 4));
  });
});

const network = () =>
  tfl.sequential({
    layers: [
      normalization({ ...columns, inputShape: [3], name: 'scale' }),
      tfl.layers.dense({ units: 2, name: 'out' }),
    ],
  });

describe('in a model', () => {
  test('training leaves it alone, and regularizers find no weight in it', async () => {
    const model = network();
    expect(model.getLayer('scale').weights).toEqual([]);
    const before = [...(model.getLayer('scale').apply(input([4, 3])) as tf.Tensor).dataSync()];
    const reg = attach(model, tf.train.sgd(0.1), l2(0.01));
    model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
    await model.fit(input([8, 3]), tf.zeros([8, 2]), { epochs: 2, verbose: 0, callbacks: reg.callback });
    expect([...(model.getLayer('scale').apply(input([4, 3])) as tf.Tensor).dataSync()]).toEqual(before);
  });

  test('a saved model has its numbers', async () => {
    const model = network();
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async artifacts => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      }),
    );
    register();
    const loaded = await tfl.loadLayersModel(
      tf.io.fromMemory(JSON.parse(JSON.stringify({ ...saved, weightData: undefined }))),
      {
        strict: false,
      },
    );
    loaded.setWeights(model.getWeights());
    const x = input([4, 3]);
    expect((loaded.predict(x) as tf.Tensor).arraySync()).toEqual((model.predict(x) as tf.Tensor).arraySync());
  });

  test('no tensor is left behind', () => {
    const model = network();
    const x = input([4, 3]);
    const before = tf.memory().numTensors;
    tf.dispose(model.predict(x));
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('bad options', () => {
  test.each<[string, object, string]>([
    ['a text', { mean: 'a', variance: 1 }, 'mean'],
    ['NaN', { mean: [1, Number.NaN], variance: [1, 1] }, 'mean'],
    ['lists of different lengths', { mean: [[1, 2], [3]], variance: [[1, 2], [3]] }, 'mean'],
    ['no numbers', { mean: [], variance: [] }, 'mean'],
    ['a variance below 0', { mean: [1], variance: [-1] }, 'variance'],
    ['an axis that is no integer', { axis: 0.5 }, 'axis'],
    ['a name that is not known', { means: 1 }, 'means'],
  ])('%s', (_, options, option) => {
    expect(() => normalization(options as NormalizationOptions)).toThrow(OptionError);
    expect(() => normalization(options as NormalizationOptions)).toThrow(expect.objectContaining({ option }));
  });

  test.each<[string, NormalizationOptions, string]>([
    ['a mean alone', { mean: [1, 2, 3] }, 'variance'],
    ['a variance alone', { variance: [1, 2, 3] }, 'variance'],
    ['another shape', { mean: [1, 2, 3], variance: [1, 2] }, 'variance'],
    ['too few', { mean: [1, 2], variance: [1, 2] }, 'mean'],
    ['more axes than the input has', { mean: [[[1]]], variance: [[[1]]] }, 'mean'],
    ['an axis that the input does not have', { axis: 2 }, 'axis'],
    ['an axis twice', { axis: [1, -1] }, 'axis'],
    ['an axis whose size is not known', { axis: 0 }, 'axis'],
  ])('once the input is known: %s', (_, options, option) => {
    const build = () => tfl.sequential({ layers: [normalization({ ...options, inputShape: [3] })] });
    expect(build).toThrow(expect.objectContaining({ option }));
  });
});
