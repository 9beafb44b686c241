/** Files of Keras 3 made by hand load as the models that they are; the oracle is the same model made here, with the same weights. */
import '@tensorflow/tfjs-backend-cpu';
import { readFileSync } from 'node:fs';
import { dropoutGRU } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';
import { exportKeras, exportTorch, readSafetensors } from '../../src/index.ts';
import { loadKeras } from '../../src/keras.ts';
import { normalization } from '../../src/layers.ts';
import { snakeCase } from '../../src/load/weights.ts';
import {
  called,
  constraint,
  functional,
  hdf5,
  input,
  kerasFile,
  layer,
  type Numbers,
  regularizer,
  type Stored,
  sequential,
  tensorOf,
} from '../support/kerasFile.ts';
import { fill, inputsFor, wave } from '../support/models.ts';

const { layers } = tfl;

/** The weights of a layer under the paths of Keras. */
function stored(groups: readonly (readonly [group: string, weights: readonly tfl.LayerVariable[]])[]): Stored {
  const entries = groups.flatMap(([group, weights]) =>
    weights.map((weight, i): [string, Numbers] => {
      const tensor = weight.read();
      return [`${group}/vars/${i}`, { shape: tensor.shape, data: tensor.dataSync() as Float32Array }];
    }),
  );
  return Object.fromEntries(entries);
}

function expectSame(made: tfl.LayersModel, loaded: tfl.LayersModel, words = 0): void {
  const inputs = inputsFor(made, words);
  const [ours, theirs] = [made, loaded].map(model =>
    [model.predict(inputs.length === 1 ? (inputs[0] as tf.Tensor) : inputs)].flat().map(out => out.arraySync()),
  );
  expect(theirs).toEqual(ours);
}

const weightsOf = (model: tfl.LayersModel, name: string): tfl.LayerVariable[] => model.getLayer(name).weights;

const dense = layers.dense;
const net = (list: tfl.layers.Layer[]) => fill(tfl.sequential({ layers: list }));

const small = (): tfl.LayersModel =>
  net([
    dense({ units: 5, activation: 'swish', inputShape: [4], name: 'first' }),
    layers.dropout({ rate: 0.3, name: 'drop' }),
    dense({ units: 3, activation: 'softmax', name: 'second' }),
  ]);
const smallConfig = sequential('net', [
  input('in', [4]),
  layer('Dense', 'first', {
    units: 5,
    activation: 'silu',
    use_bias: true,
    kernel_regularizer: regularizer('L2', { l2: 0.01 }),
    bias_regularizer: null,
    kernel_constraint: constraint('MaxNorm', { max_value: 0.1, axis: 0 }),
  }),
  layer('Dropout', 'drop', { rate: 0.3, seed: null, noise_shape: null }),
  layer('Dense', 'second', { units: 3, activation: 'softmax', use_bias: true }),
]);
const smallWeights = (model: tfl.LayersModel, join = '/'): Stored =>
  stored([
    [`layers${join}dense`, weightsOf(model, 'first')],
    [`layers${join}dense_1`, weightsOf(model, 'second')],
  ]);

test.each([0, 6] as const)('dense layers, dropout, L2 and max-norm; packed at level %i', async level => {
  const made = small();
  const loaded = await loadKeras(await kerasFile(smallConfig, smallWeights(made), '3.10.0', level));
  expectSame(made, loaded);
  const config = loaded.getLayer('first').getConfig();
  expect(config.kernelRegularizer).toEqual({ className: 'L1L2', config: { l1: 0, l2: expect.closeTo(0.01) } });
  expect(config.kernelConstraint).toEqual({ className: 'MaxNorm', config: { maxValue: 0.1, axis: 0 } });
  expect(loaded.getLayer('drop').getConfig().rate).toBe(0.3);
});

test('Keras 2 on Windows wrote backslashes, and the shape of the input in the first layer', async () => {
  const made = small();
  const old = sequential('net', [
    layer('Dense', 'first', {
      units: 5,
      activation: 'swish',
      use_bias: true,
      batch_input_shape: [null, 4],
      dtype: 'float32',
    }),
    layer('Dropout', 'drop', { rate: 0.3 }),
    layer('Dense', 'second', { units: 3, activation: 'softmax' }),
  ]);
  expectSame(made, await loadKeras(await kerasFile(old, smallWeights(made, '\\'), '2.15.0')));
});

test('a .h5 file goes by the names of layers', async () => {
  const made = small();
  const names = { first: weightsOf(made, 'first'), second: weightsOf(made, 'second') };
  const weights = Object.entries(names).flatMap(([name, list]) =>
    list.map((weight, i): [string, Numbers] => [
      `model_weights/${name}/${name}/${['kernel:0', 'bias:0'][i]}`,
      { shape: weight.read().shape, data: weight.read().dataSync() as Float32Array },
    ]),
  );
  const config = sequential('net', [
    { class_name: 'InputLayer', config: { batch_input_shape: [null, 4], dtype: 'float32', name: 'in' } },
    { class_name: 'Dense', config: { name: 'first', units: 5, activation: 'swish' } },
    { class_name: 'Dropout', config: { name: 'drop', rate: 0.3 } },
    { class_name: 'Dense', config: { name: 'second', units: 3, activation: 'softmax' } },
  ]);
  const file = await hdf5(Object.fromEntries(weights), {
    '': { model_config: JSON.stringify(config), keras_version: '2.11.0', backend: 'tensorflow' },
    model_weights: { layer_names: ['first', 'drop', 'second'] },
    'model_weights/first': { weight_names: ['first/kernel:0', 'first/bias:0'] },
    'model_weights/second': { weight_names: ['second/kernel:0', 'second/bias:0'] },
  });
  expectSame(made, await loadKeras(file));
});

test('images: convolutions, batch norm with statistics, pooling', async () => {
  const made = net([
    layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', activation: 'relu', name: 'a', inputShape: [6, 6, 2] }),
    layers.batchNormalization({ name: 'b' }),
    layers.maxPooling2d({ poolSize: 2, name: 'c' }),
    layers.separableConv2d({ filters: 4, kernelSize: 2, name: 'd' }),
    layers.depthwiseConv2d({ kernelSize: 2, name: 'e' }),
    layers.globalAveragePooling2d({ name: 'f' }),
  ]);
  const channels = { data_format: 'channels_last' };
  const config = sequential('net', [
    input('in', [6, 6, 2]),
    layer('Conv2D', 'a', {
      filters: 3,
      kernel_size: [3, 3],
      strides: [1, 1],
      padding: 'same',
      ...channels,
      dilation_rate: [1, 1],
      groups: 1,
      activation: 'relu',
      use_bias: true,
    }),
    layer('BatchNormalization', 'b', {
      axis: [3],
      momentum: 0.99,
      epsilon: 0.001,
      center: true,
      scale: true,
      synchronized: false,
    }),
    layer('MaxPooling2D', 'c', { pool_size: [2, 2], padding: 'valid', strides: [2, 2], ...channels }),
    layer('SeparableConv2D', 'd', {
      filters: 4,
      kernel_size: [2, 2],
      strides: [1, 1],
      padding: 'valid',
      ...channels,
      depth_multiplier: 1,
      activation: 'linear',
      use_bias: true,
    }),
    layer('DepthwiseConv2D', 'e', {
      kernel_size: [2, 2],
      strides: [1, 1],
      padding: 'valid',
      ...channels,
      depth_multiplier: 1,
      activation: 'linear',
    }),
    layer('GlobalAveragePooling2D', 'f', { ...channels, keepdims: false }),
  ]);
  const weights = stored([
    ['layers/conv2d', weightsOf(made, 'a')],
    ['layers/batch_normalization', weightsOf(made, 'b')],
    ['layers/separable_conv2d', weightsOf(made, 'd')],
    ['layers/depthwise_conv2d', weightsOf(made, 'e')],
  ]);
  expectSame(made, await loadKeras(await kerasFile(config, weights)));
});

const recurrent = (units: number, more: object = {}) => ({
  units,
  activation: 'tanh',
  recurrent_activation: 'sigmoid',
  use_bias: true,
  return_sequences: true,
  return_state: false,
  go_backwards: false,
  stateful: false,
  unroll: false,
  zero_output_for_mask: false,
  dropout: 0.1,
  recurrent_dropout: 0,
  seed: null,
  recurrent_initializer: {
    module: 'keras.initializers',
    class_name: 'OrthogonalInitializer',
    config: { gain: 1, seed: null },
  },
  ...more,
});

test('recurrent layers, also a GRU with reset_after, both directions and each time step', async () => {
  const made = net([
    layers.embedding({ inputDim: 6, outputDim: 3, inputLength: 5, name: 'words' }),
    layers.lstm({ units: 4, recurrentActivation: 'sigmoid', returnSequences: true, name: 'lstm' }),
    dropoutGRU({ units: 3, recurrentActivation: 'sigmoid', resetAfter: true, returnSequences: true, name: 'gru' }),
    layers.bidirectional({
      layer: layers.simpleRNN({ units: 2, returnSequences: true, name: 'rnn' }) as tfl.RNN,
      mergeMode: 'concat',
      name: 'both',
    }),
    layers.timeDistributed({ layer: dense({ units: 2, name: 'each' }), name: 'steps' }),
  ]);
  const inner = layer('SimpleRNN', 'forward_rnn', recurrent(2));
  const config = sequential('net', [
    input('in', [5]),
    layer('Embedding', 'words', { input_dim: 6, output_dim: 3, mask_zero: false }),
    layer('LSTM', 'lstm', recurrent(4)),
    layer('GRU', 'gru', recurrent(3, { reset_after: true })),
    layer('Bidirectional', 'both', { layer: inner, merge_mode: 'concat' }),
    layer('TimeDistributed', 'steps', { layer: layer('Dense', 'each', { units: 2, activation: 'linear' }) }),
  ]);
  const both = weightsOf(made, 'both');
  const weights = stored([
    ['layers/embedding', weightsOf(made, 'words')],
    ['layers/lstm/cell', weightsOf(made, 'lstm')],
    ['layers/gru/cell', weightsOf(made, 'gru')],
    ['layers/bidirectional/forward_layer/cell', both.slice(0, 3)],
    ['layers/bidirectional/backward_layer/cell', both.slice(3)],
    ['layers/time_distributed/layer', weightsOf(made, 'steps')],
  ]);
  expectSame(made, await loadKeras(await kerasFile(config, weights)), 6);
});

test('a graph with a model in it, a layer that is called twice, and several inputs and outputs', async () => {
  const encoder = tfl.sequential({
    name: 'encoder',
    layers: [dense({ units: 3, inputShape: [4], activation: 'tanh', name: 'code' })],
  });
  const inputs = ['left', 'right'].map(name => tfl.input({ shape: [4], name }));
  const codes = inputs.map(one => encoder.apply(one) as tfl.SymbolicTensor);
  const twice = dense({ units: 3, name: 'twice' });
  const sums = codes.map(code => twice.apply(code) as tfl.SymbolicTensor);
  const total = layers.add({ name: 'total' }).apply(sums) as tfl.SymbolicTensor;
  const joined = layers.concatenate({ name: 'joined' }).apply([total, codes[1] as tfl.SymbolicTensor]);
  const made = fill(tfl.model({ inputs, outputs: [total, joined as tfl.SymbolicTensor] }));
  const config = functional(
    'net',
    [
      input('left', [4], called('left')),
      input('right', [4], called('right')),
      sequential(
        'encoder',
        [input('code_in', [4]), layer('Dense', 'code', { units: 3, activation: 'tanh' })],
        called('encoder', { args: [tensorOf('left')] }, { args: [tensorOf('right')] }),
      ),
      layer(
        'Dense',
        'twice',
        { units: 3, activation: 'linear' },
        called('twice', { args: [tensorOf('encoder')] }, { args: [tensorOf('encoder', 1)] }),
      ),
      layer('Add', 'total', {}, called('total', { args: [[tensorOf('twice'), tensorOf('twice', 1)]] })),
      layer(
        'Concatenate',
        'joined',
        { axis: -1 },
        called('joined', { args: [[tensorOf('total'), tensorOf('encoder', 1)]] }),
      ),
    ],
    [
      ['left', 0, 0],
      ['right', 0, 0],
    ],
    [
      ['total', 0, 0],
      ['joined', 0, 0],
    ],
  );
  const weights = stored([
    ['layers/sequential/layers/dense', encoder.weights],
    ['layers/dense', twice.weights],
  ]);
  expectSame(made, await loadKeras(await kerasFile(config, weights)));
});

test('states of one recurrent layer begin another, and layers may be frozen', async () => {
  const sizes = { units: 3, recurrentActivation: 'sigmoid' as const };
  const x = tfl.input({ shape: [5, 2], name: 'x' });
  const [, h, c] = layers.lstm({ ...sizes, returnState: true, name: 'reader' }).apply(x) as tfl.SymbolicTensor[];
  const output = layers
    .lstm({ ...sizes, name: 'writer' })
    .apply([x, h, c] as tfl.SymbolicTensor[]) as tfl.SymbolicTensor;
  const made = fill(tfl.model({ inputs: x, outputs: output }));
  const kwargs = { initial_state: [tensorOf('reader', 0, 1), tensorOf('reader', 0, 2)], training: false, mask: null };
  const config = functional(
    'net',
    [
      input('x', [5, 2], called('x')),
      layer(
        'LSTM',
        'reader',
        recurrent(3, { return_sequences: false, return_state: true, trainable: false }),
        called('reader', { args: [tensorOf('x')] }),
      ),
      layer(
        'LSTM',
        'writer',
        recurrent(3, { return_sequences: false }),
        called('writer', { args: [tensorOf('x')], kwargs }),
      ),
    ],
    ['x', 0, 0],
    ['writer', 0, 0],
  );
  const weights = stored([
    ['layers/lstm/cell', weightsOf(made, 'reader')],
    ['layers/lstm_1/cell', weightsOf(made, 'writer')],
  ]);
  const loaded = await loadKeras(await kerasFile(config, weights));
  expectSame(made, loaded);
  expect(loaded.trainableWeights.length).toBe(3);
});

const at = (name: string): URL => new URL(`../fixtures/${name}`, import.meta.url);
const shards = ['model_00000.weights.h5', 'model_00001.weights.h5'].map(name => readFileSync(at(name)));

describe('files that Python wrote (support/python), and what numpy says that they predict', () => {
  const { x, y }: { x: number[][]; y: number[][] } = JSON.parse(readFileSync(at('model.json'), 'utf8'));
  const architecture = readFileSync(at('architecture.json'));
  test.each<[string, () => Promise<tfl.LayersModel>]>([
    ['a .keras file', () => loadKeras(readFileSync(at('model.keras')))],
    ['one in zip64', () => loadKeras(readFileSync(at('zip64.keras')))],
    [
      'one that was written to a stream, with sizes behind its parts',
      () => loadKeras(readFileSync(at('stream.keras'))),
    ],
    ['a .h5 file whose lists of names are parted', () => loadKeras(readFileSync(at('chunks.h5')))],
    ['an architecture, and weights in shards', () => loadKeras(architecture, { weights: shards })],
    ['the shards in another order', () => loadKeras(architecture, { weights: [...shards].reverse() })],
    [
      'an architecture, and its weights in one file that goes by names',
      () => loadKeras(architecture, { weights: readFileSync(at('chunks.weights.h5')) }),
    ],
  ])('%s', async (_, load) => {
    const model = await load();
    const said = (model.predict(tf.tensor2d(x)) as tf.Tensor).dataSync();
    expect([...said]).toEqual(y.flat().map(value => expect.closeTo(value, 5)));
    model.dispose();
  });
});

test('names of groups are those of Keras', () =>
  expect(
    ['Dense', 'Conv2DTranspose', 'LSTM', 'ReLU', 'PReLU', 'SimpleRNN', 'MaxPooling2D', 'GlobalAveragePooling2D'].map(
      snakeCase,
    ),
  ).toEqual([
    ...[
      'dense',
      'conv2d_transpose',
      'lstm',
      're_lu',
      'p_re_lu',
      'simple_rnn',
      'max_pooling2d',
      'global_average_pooling2d',
    ],
  ]));

test('the bytes of a page are an ArrayBuffer', async () => {
  const made = small();
  const bytes = await kerasFile(smallConfig, smallWeights(made));
  expectSame(made, await loadKeras(bytes.slice().buffer));
});

describe('Normalization', () => {
  const x = tf.tensor2d(wave(12), [3, 4]);
  const [mean, variance] = [
    [0.5, -1, 2, 0],
    [4, 0.25, 9, 1],
  ] as const;
  const count = { shape: [], data: Float32Array.of(90) };
  const measured = (path: string, shape = [4]): Stored => ({
    [`${path}/0`]: { shape, data: Float32Array.from(mean) },
    [`${path}/1`]: { shape, data: Float32Array.from(variance) },
    [`${path}/2`]: count,
  });
  const scaled = (invert = false) => net([normalization({ mean, variance, invert, name: 'scale', inputShape: [4] })]);
  const config = (more: object, shape = [4]) =>
    sequential('net', [input('in', shape), layer('Normalization', 'scale', { axis: [-1], invert: false, ...more })]);
  const said = (model: tfl.LayersModel, at: tf.Tensor = x) => (model.predict(at) as tf.Tensor).arraySync();

  test.each([false, true])('that adapt() measured, the weights of the layer; inverted: %s', async invert => {
    const file = await kerasFile(config({ invert, mean: null, variance: null }), measured('layers/normalization/vars'));
    const loaded = await loadKeras(file);
    expectSame(scaled(invert), loaded);
    expect(loaded.weights).toEqual([]);
    expect(loaded.getLayer('scale').getConfig()).toMatchObject({ mean, variance });
  });

  test('of numbers that were given, which are in the config', async () => {
    expectSame(scaled(), await loadKeras(await kerasFile(config({ mean, variance }), {})));
    const many = Array.from({ length: 100 }, (_, i) => i);
    const wide = await loadKeras(await kerasFile(config({ mean: many, variance: many.map(() => 4) }, [100]), {}));
    expect(said(wide, tf.zeros([1, 100]))).toEqual([many.map(i => -i / 2 + 0)]);
  });

  test('of a .h5 file, by name', async () => {
    const root = 'model_weights/scale';
    const file = await hdf5(
      {
        [`${root}/scale/mean:0`]: { shape: [4], data: Float32Array.from(mean) },
        [`${root}/scale/variance:0`]: { shape: [4], data: Float32Array.from(variance) },
        [`${root}/scale/count:0`]: count,
      },
      {
        '': { model_config: JSON.stringify(config({ mean: null, variance: null })), keras_version: '2.11.0' },
        model_weights: { layer_names: ['scale'] },
        [root]: { weight_names: ['scale/mean:0', 'scale/variance:0', 'scale/count:0'] },
      },
    );
    expectSame(scaled(), await loadKeras(file));
  });

  test('on each time step, and in a model in a model', async () => {
    const steps = sequential('net', [
      input('in', [3, 4]),
      layer('TimeDistributed', 'steps', { layer: layer('Normalization', 'scale', { axis: [-1] }) }),
    ]);
    const each = await loadKeras(await kerasFile(steps, measured('layers/time_distributed/layer/vars')));
    expect(said(each, x.reshape([1, 3, 4]))).toEqual([said(scaled())]);
    const outer = sequential('outer', [input('first', [4]), config({})]);
    const inside = await loadKeras(await kerasFile(outer, measured('layers/sequential/layers/normalization/vars')));
    expect(said(inside)).toEqual(said(scaled()));
  });

  test('goes to Keras and PyTorch, and is loaded again', async () => {
    const loaded = await loadKeras(
      await kerasFile(config({ mean: null, variance: null }), measured('layers/normalization/vars')),
    );
    const { script } = await exportKeras(loaded);
    expect(script).toContain('layers.Normalization(mean=(0.5, -1, 2, 0), variance=(4, 0.25, 9, 1), name="scale")');
    const torch = await exportTorch(loaded);
    expect(torch.script).toContain('self.scale = Normalization((1, 4))');
    expect(readSafetensors(torch.weights)['scale.mean']?.data).toEqual(Float32Array.from(mean));
  });
});

test.each<[string, object, (value: number, column: number) => number]>([
  ['all values', { scale: 1 / 127.5, offset: -1 }, value => value / 127.5 - 1],
  ['each channel', { scale: [1, 2, 4], offset: [0, 1, -1] }, (value, i) => value * 2 ** i + ([0, 1, -1][i] ?? 0)],
])('Rescaling of %s', async (_, more, rescaled) => {
  const x = tf.tensor2d(wave(6), [2, 3]);
  const config = sequential('net', [input('in', [3]), layer('Rescaling', 'r', more)]);
  const said = (await loadKeras(await kerasFile(config, {}))).predict(x) as tf.Tensor;
  const wanted = [...x.dataSync()].map((value, i) => rescaled(value, i % 3));
  expect([...said.dataSync()]).toEqual(wanted.map(value => expect.closeTo(value, 6)));
});

describe('masks of time steps', () => {
  const gated = { activation: 'tanh', recurrent_activation: 'sigmoid', return_state: false, stateful: false };
  const lstm = (name: string, returned: boolean) =>
    layer('LSTM', name, { units: 2, return_sequences: returned, ...gated });
  const words = layer('Embedding', 'words', { input_dim: 4, output_dim: 3, mask_zero: true });
  const ids = layer('InputLayer', 'in', { batch_shape: [null, 3], dtype: 'int32' });
  const numbers = (shape: readonly number[]): Numbers => ({
    shape,
    data: wave(shape.reduce((a, b) => a * b, 1)),
  });
  const cell = (path: string, inputs: number): Stored => ({
    [`${path}/cell/vars/0`]: numbers([inputs, 8]),
    [`${path}/cell/vars/1`]: numbers([2, 8]),
    [`${path}/cell/vars/2`]: numbers([8]),
  });
  const weights = {
    'layers/embedding/vars/0': numbers([4, 3]),
    ...cell('layers/lstm', 3),
    ...cell('layers/lstm_1', 2),
  };

  test('that go from layer to layer are those of Keras', async () => {
    const config = sequential('net', [
      ids,
      words,
      lstm('first', true),
      layer('Dropout', 'drop', { rate: 0.1 }),
      lstm('second', false),
    ]);
    const model = await loadKeras(await kerasFile(config, weights));
    const x = tf.tensor2d(
      [
        [1, 2, 3],
        [1, 2, 0],
        [0, 0, 0],
      ],
      [3, 3],
      'int32',
    );
    const predicted = model.predict(x) as tf.Tensor2D;
    const rows = predicted.arraySync();
    // a word behind which none counts, whatever stands there; no word at all leaves the state that it begins with
    const [again] = (model.predict(tf.tensor2d([[1, 2, 0]], [1, 3], 'int32')) as tf.Tensor2D).arraySync();
    expect(rows[1]).toEqual(again);
    expect(rows[1]).not.toEqual(rows[0]);
    expect(rows[2]).toEqual([0, 0]);
  });

  test.each([
    ['second', [lstm('first', false), layer('RepeatVector', 'again', { n: 3 }), lstm('second', true)]],
    ['mean', [lstm('first', true), layer('GlobalAveragePooling1D', 'mean')]],
  ])('that TensorFlow.js would hand to %s otherwise are refused', async (name, behind) => {
    const config = sequential('net', [ids, words, ...behind]);
    await expect(loadKeras(await kerasFile(config, weights))).rejects.toMatchObject({
      problem: 'unknownClass',
      layer: name,
      message: expect.stringMatching(/another mask/),
    });
  });
});
