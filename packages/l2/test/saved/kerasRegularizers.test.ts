import { OptionError } from '@keepprob/core';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { register } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  register();
  register();
});

/** A file of Keras: one dense layer of ones with a regularizer, behind an input layer as Keras 3 writes it or as Keras 2 does. */
const load = (regularizer: object | null, input: object = { batch_shape: [null, 3] }): Promise<tf.LayersModel> => {
  const config = {
    name: 'dense',
    units: 2,
    kernel_initializer: { class_name: 'Ones', config: {} },
    use_bias: false,
    kernel_regularizer: regularizer,
  };
  const layers = [
    { class_name: 'InputLayer', config: { ...input, dtype: 'float32', name: 'input' } },
    { class_name: 'Dense', config },
  ];
  const modelTopology = {
    keras_version: '2.15.0',
    backend: 'tensorflow',
    model_config: { class_name: 'Sequential', config: { name: 's', layers } },
  };
  return tf.loadLayersModel({ load: async () => structuredClone({ modelTopology }) }, { strict: false });
};
const penalties = (model: tf.LayersModel): number[] =>
  (model.layers.at(-1)!.calculateLosses() as tf.Tensor[]).map(loss => loss.dataSync()[0]!);

describe('regularizers that TF.js does not know', () => {
  // a kernel of six ones: Σ|w| = Σw² = 6; all rows and columns are parallel: |cos| = 1
  test.each<[object, number]>([
    [{ class_name: 'L2', config: { l2: 0.5 } }, 3],
    [{ class_name: 'L2', config: {} }, 0.06],
    [{ class_name: 'L1', config: { l1: 0.25 } }, 1.5],
    [{ class_name: 'L1L2', config: { l1: 0.5, l2: 0.25 } }, 4.5],
    [{ class_name: 'OrthogonalRegularizer', config: { factor: 0.5, mode: 'rows' } }, 0.5],
    [{ class_name: 'OrthogonalRegularizer', config: { factor: 0.25, mode: 'columns' } }, 0.25],
    [{ class_name: 'OrthogonalRegularizer', config: {} }, 0.01],
  ])('%j', async (regularizer, expected) => {
    const model = await load(regularizer);
    expect(penalties(model)).toEqual([expect.closeTo(expected, 5)]);
    // it is a part of J
    const data = { x: tf.ones([4, 3]), y: tf.ones([4, 2]) };
    const { history } = await fit(model, data, {
      loss: 'meanSquaredError',
      optimizer: tf.train.sgd(0),
      progress: false,
    });
    expect(history.penalty).toEqual([expect.closeTo(expected, 5)]);
  });

  test('rows and columns are told apart', async () => {
    const model = await load({ class_name: 'OrthogonalRegularizer', config: { factor: 1, mode: 'rows' } });
    model.setWeights([tf.tensor2d([[1, 0], [0, 1], [3, 0]])]); // biome-ignore format: a matrix
    expect(penalties(model)).toEqual([expect.closeTo(1 / 3, 5)]); // of three pairs of rows one is parallel
  });

  test('what is saved again is what Keras and stock TF.js read: L1L2', async () => {
    const saved = (await load({ class_name: 'L2', config: { l2: 0.5 } })).toJSON() as string;
    expect(JSON.parse(saved).config.layers[1].config.kernel_regularizer).toEqual({
      class_name: 'L1L2',
      config: { l1: 0, l2: 0.5 },
    });
  });

  test.each<object>([
    { class_name: 'L2', config: { l2: -1 } },
    { class_name: 'L1', config: { l2: 1 } },
    { class_name: 'OrthogonalRegularizer', config: { mode: 'diagonals' } },
  ])('%j is an OptionError', regularizer => expect(load(regularizer)).rejects.toThrow(OptionError));
});

test.each([{ batch_shape: [null, 3] }, { batch_input_shape: [null, 3] }])('an input layer with %j', async input => {
  expect((await load(null, input)).inputs[0]!.shape).toEqual([null, 3]);
});
