import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { OptionError, option, PluginError, weightsOf } from '../../src/index.ts';
import { defineReparametrization, layerPluginsOf, register } from '../../src/layers.ts';
import { attach } from '../../src/stock.ts';

/** f(W) = factor · s ∘ W with a gain s that starts at 1; counts its keys in training. */
const scaled = defineReparametrization<{ factor?: number }>({
  name: 'scaled',
  className: 'TestScaled',
  options: { factor: option.number({ fallback: 2 }) },
  own: { s: { trainable: true, initial: kernel => tf.onesLike(kernel) } },
  kernel: (value, { own }, { factor }) => tf.mul(tf.mul(value, own.s!), factor),
});
const embedded = defineReparametrization<object>({
  name: 'embedded',
  className: 'TestEmbedded',
  options: {},
  roles: () => ['embedding'],
  kernel: value => tf.mul(value, 2),
});
const cropped = defineReparametrization<object>({
  name: 'cropped',
  className: 'TestCropped',
  options: {},
  kernel: value => tf.slice(value, 0, 1),
});

beforeAll(async () => {
  await tf.setBackend('cpu');
  register(scaled, embedded);
});

const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });
const values = (t: tf.Tensor | tf.Tensor[]): number[] => [t].flat().flatMap(x => [...x.dataSync()]);
const modelOf = (shape: number[], layer: tf.layers.Layer): tf.LayersModel => {
  const x = tf.input({ shape });
  return tf.model({ inputs: x, outputs: layer.apply(x) as tf.SymbolicTensor });
};
const copy = async (model: tf.LayersModel): Promise<tf.LayersModel> => {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async artifacts => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  const modelTopology = JSON.parse(JSON.stringify(saved?.modelTopology)) as object;
  return tf.loadLayersModel(tf.io.fromMemory({ ...saved, modelTopology }));
};

const { layers } = tf;
const rnn = { units: 2, kernelInitializer: seeded(1), recurrentInitializer: seeded(2) } as const;
const conv = { filters: 2, kernelSize: 2, kernelInitializer: seeded(1) } as const;
/** A layer, the shape of its input, and how many kernels it has. */
const wrapped: [string, () => tf.layers.Layer, number[], number][] = [
  ['dense', () => layers.dense({ units: 2, kernelInitializer: seeded(1), activation: 'relu' }), [3], 1],
  ['conv1d', () => layers.conv1d(conv), [5, 3], 1],
  ['conv2d', () => layers.conv2d(conv), [4, 4, 2], 1],
  ['conv3d', () => layers.conv3d(conv), [3, 3, 3, 2], 1],
  ['conv2dTranspose', () => layers.conv2dTranspose(conv), [3, 3, 2], 1],
  ['depthwise', () => layers.depthwiseConv2d({ kernelSize: 2, depthwiseInitializer: seeded(1) }), [3, 3, 2], 1],
  [
    'separable',
    () =>
      layers.separableConv2d({
        filters: 2,
        kernelSize: 2,
        depthwiseInitializer: seeded(1),
        pointwiseInitializer: seeded(2),
      }),
    [3, 3, 2],
    2,
  ],
  ['simpleRNN', () => layers.simpleRNN(rnn), [4, 3], 2],
  ['gru', () => layers.gru({ ...rnn, returnSequences: true }), [4, 3], 2],
  ['lstm', () => layers.lstm(rnn), [4, 3], 2],
  ['stacked', () => layers.rnn({ cell: [layers.lstmCell(rnn), layers.gruCell(rnn)] as never }), [4, 3], 4],
  ['convLstm2d', () => layers.convLstm2d({ ...conv, recurrentInitializer: seeded(2) }), [2, 3, 3, 1], 2],
  ['bidirectional', () => layers.bidirectional({ layer: layers.gru(rnn) as never }), [4, 3], 4],
  [
    'timeDistributed',
    () => layers.timeDistributed({ layer: layers.dense({ units: 2, kernelInitializer: seeded(1) }) }),
    [4, 3],
    1,
  ],
  [
    'sequential',
    () => tf.sequential({ layers: [layers.dense({ units: 2, inputShape: [3], kernelInitializer: seeded(1) })] }),
    [3],
    1,
  ],
];

describe.each(wrapped)('%s', (_, create, shape, kernels) => {
  const x = tf.randomNormal([2, ...shape], 0, 1, 'float32', 1);
  /** The stock layer with kernels doubled: what the wrapper has to compute. */
  const doubled = (): tf.LayersModel => {
    const model = modelOf(shape, create());
    for (const { variable, role } of weightsOf(model))
      if (['kernel', 'depthwise', 'recurrent'].includes(role)) variable.assign(tf.mul(variable, 2));
    return model;
  };

  test('computes with f(kernel), in training and at inference', () => {
    const model = modelOf(shape, scaled(create()));
    const expected = values(doubled().predict(x) as tf.Tensor);
    expect(values(model.predict(x) as tf.Tensor)).toEqual(expected);
    expect(values(model.apply(x, { training: true }) as tf.Tensor)).toEqual(expected);
  });

  test('the gradient of the variable is that of f(kernel), through f: twice as large', () => {
    const gradients = (model: tf.LayersModel): tf.NamedTensorMap =>
      tf.variableGrads(
        () => tf.sum(tf.square(model.apply(x, { training: true }) as tf.Tensor)),
        weightsOf(model).map(w => w.variable),
      ).grads;
    const [ours, stock] = [modelOf(shape, scaled(create())), doubled()];
    const [a, b] = [gradients(ours), gradients(stock)];
    const inner = weightsOf(ours).filter(({ path }) => !path.endsWith('_s'));
    expect(inner).toHaveLength(weightsOf(stock).length);
    for (const [i, { variable, role }] of weightsOf(stock).entries()) {
      const factor = role === 'bias' ? 1 : 2;
      expect(role).toBe(inner[i]!.role);
      expect(values(a[inner[i]!.variable.name]!)).toEqual(values(b[variable.name]!).map(g => Math.fround(g * factor)));
    }
  });

  test('weights: the inner ones, then one beside each kernel; set, saved and loaded', async () => {
    const model = modelOf(shape, scaled(create()));
    const stock = modelOf(shape, create());
    const own = weightsOf(model).filter(({ path }) => path.endsWith('_s'));
    expect(own).toHaveLength(kernels);
    expect(new Set(model.weights.map(w => w.originalName)).size).toBe(model.weights.length);
    const shapes = (m: tf.LayersModel) => m.getWeights().map(w => w.shape);
    expect(shapes(model).slice(0, stock.weights.length)).toEqual(shapes(stock));
    expect(shapes(model)).toHaveLength(stock.weights.length + kernels);
    model.setWeights(model.getWeights().map((w, i) => tf.add(w, 0.1 * (i + 1))));
    const loaded = await copy(model);
    expect(values(loaded.getWeights())).toEqual(values(model.getWeights()));
    expect(values(loaded.predict(x) as tf.Tensor)).toEqual(values(model.predict(x) as tf.Tensor));
    expect(weightsOf(loaded).map(w => [w.path, w.role, w.fanInAxes])).toEqual(
      weightsOf(model).map(w => [w.path, w.role, w.fanInAxes]),
    );
  });

  test('frozen and thawed as one', () => {
    const layer = scaled(create());
    const model = modelOf(shape, layer);
    const all = model.trainableWeights.length;
    layer.trainable = false;
    expect([model.trainableWeights.length, layer.layer.trainable]).toEqual([0, false]);
    expect(model.weights).toHaveLength(all);
    layer.trainable = true;
    expect(model.trainableWeights).toHaveLength(all);
  });

  test('nothing is left behind, not even by loading and disposing', async () => {
    const before = tf.memory().numTensors;
    const model = modelOf(shape, scaled(create()));
    for (let i = 0; i < 3; i++) {
      tf.dispose(model.predict(x));
      tf.dispose(tf.variableGrads(() => tf.sum(model.apply(x, { training: true }) as tf.Tensor)) as never);
    }
    (await copy(model)).dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('what the doors of an update see: an own weight trains in stock fit beside the kernel', async () => {
  const model = modelOf([3], scaled(layers.dense({ units: 2, kernelInitializer: 'ones', useBias: false })));
  const reg = attach(model, tf.train.sgd(0.1));
  model.compile({ optimizer: reg.optimizer, loss: (_, p) => tf.sum(p) });
  await model.trainOnBatch(tf.ones([1, 3]), tf.zeros([1, 2]));
  // y = Σ 2 s w x: dJ/dw = 2 s x = 2, dJ/ds = 2 w x = 2; both start at 1
  expect(values(model.getWeights()).every(v => Math.abs(v - 0.8) < 1e-6)).toBe(true);
});

test('an error inside the call leaves the layer as it was', () => {
  const inner = layers.dense({ units: 2, kernelInitializer: 'ones' });
  const layer = scaled(inner);
  modelOf([3], layer);
  const before = tf.memory().numTensors;
  expect(() => layer.call(tf.ones([2, 4]), {})).toThrow();
  expect(tf.memory().numTensors).toBe(before + 1); // the input of the call
  expect(values(inner.apply(tf.ones([1, 3])) as never)).toEqual(values(inner.call(tf.ones([1, 3]), {}) as tf.Tensor));
  expect(values(inner.apply(tf.ones([1, 3])) as tf.Tensor)).toEqual([3, 3]);
});

test('wrappers nest: the outer function first', async () => {
  const model = modelOf([3], scaled(scaled(layers.dense({ units: 1, kernelInitializer: 'ones' }), { factor: 3 })));
  expect(values(model.predict(tf.ones([1, 3])) as tf.Tensor)).toEqual([18]);
  expect(values((await copy(model)).predict(tf.ones([1, 3])) as tf.Tensor)).toEqual([18]);
  expect(weightsOf(model).map(w => w.path.split('/').slice(1).join('/'))).toEqual([
    'layer_kernel_s',
    'layer/kernel_s',
    'layer/layer/kernel',
    'layer/layer/bias',
  ]);
});

test('shared, in TimeDistributed, in a nested model, first in a Sequential: the shape of the input is that of the inner layer', () => {
  const ones = { units: 3, kernelInitializer: 'ones', useBias: false } as const;
  const shared = scaled(layers.dense(ones));
  const x = tf.input({ shape: [3] });
  const twice = tf.model({ inputs: x, outputs: shared.apply(shared.apply(x)) as tf.SymbolicTensor });
  expect(values(twice.predict(tf.ones([1, 3])) as tf.Tensor)).toEqual([36, 36, 36]);
  expect(weightsOf(twice)).toHaveLength(2);
  const steps = modelOf([2, 3], layers.timeDistributed({ layer: scaled(layers.dense(ones)) }));
  expect(values(steps.predict(tf.ones([1, 2, 3])) as tf.Tensor)).toEqual([6, 6, 6, 6, 6, 6]);
  expect(weightsOf(steps).map(w => w.path)).toEqual([
    '1-TimeDistributed/layer/kernel_s',
    '1-TimeDistributed/layer/layer/kernel',
  ]);
  const first = tf.sequential({ layers: [scaled(layers.dense({ ...ones, inputShape: [3] }))] });
  const outer = tf.sequential({ layers: [first, layers.dense(ones)] });
  expect(values(outer.predict(tf.ones([1, 3])) as tf.Tensor)).toEqual([18, 18, 18]);
  expect(layerPluginsOf(outer)).toHaveLength(1);
});

test.each<[string, () => tf.LayersModel]>([
  [
    'Sequential',
    () => tf.sequential({ layers: [layers.dense({ units: 2, inputShape: [3], kernelInitializer: seeded(1) })] }),
  ],
  [
    'functional',
    () => {
      const input = tf.input({ shape: [3] });
      const dense = layers.dense({ units: 2, kernelInitializer: seeded(1) });
      return tf.model({ inputs: input, outputs: dense.apply(input) as tf.SymbolicTensor });
    },
  ],
])('around a %s model, first in a Sequential: it has the input of the model', async (_, build) => {
  const model = tf.sequential({ layers: [scaled(build()), layers.dense({ units: 1, kernelInitializer: seeded(2) })] });
  const x = tf.randomNormal([4, 3], 0, 1, 'float32', 1);
  expect(model.inputs[0]?.shape).toEqual([null, 3]);
  expect(values((await copy(model)).predict(x) as tf.Tensor)).toEqual(values(model.predict(x) as tf.Tensor));
});

test('an embedding, and its mask', () => {
  const weights = [tf.tensor2d([[1], [2], [3]])];
  const layer = embedded(layers.embedding({ inputDim: 3, outputDim: 1, maskZero: true, inputLength: 2, weights }));
  const model = tf.sequential({
    layers: [
      layer,
      layers.simpleRNN({ units: 1, kernelInitializer: 'ones', activation: 'linear', recurrentInitializer: 'ones' }),
    ],
  });
  expect(values(layer.apply(tf.tensor2d([[2, 1]], [1, 2], 'int32')) as tf.Tensor)).toEqual([6, 4]);
  // word 0 is masked: the state of word 2 is carried over
  expect(values(model.predict(tf.tensor2d([[2, 0]], [1, 2], 'int32')) as tf.Tensor)).toEqual([6]);
});

test('a stateful layer can be reset through the model', () => {
  const inner = layers.simpleRNN({
    units: 1,
    stateful: true,
    batchInputShape: [1, 1, 1],
    kernelInitializer: 'ones',
    recurrentInitializer: 'ones',
    activation: 'linear',
  });
  const model = tf.sequential({ layers: [scaled(inner)] });
  const say = () => values(model.predict(tf.ones([1, 1, 1])) as tf.Tensor)[0];
  expect([say(), say()]).toEqual([2, 6]);
  model.resetStates();
  expect(say()).toBe(2);
});

test.each<[string, () => unknown, RegExp]>([
  [
    'a layer without kernels',
    () => modelOf([3], scaled(layers.activation({ activation: 'relu' }))),
    /role kernel or depthwise or recurrent/,
  ],
  ['another role', () => modelOf([3], embedded(layers.dense({ units: 2 }))), /role embedding/],
  ['no layer', () => scaled({ units: 3 } as never), /tf\.layers\.Layer/],
  ['nothing', () => scaled(undefined as never), /tf\.layers\.Layer/],
  ['a cell', () => scaled(layers.lstmCell({ units: 2 })), /tf\.layers\.rnn/],
  ['an unknown option', () => scaled(layers.dense({ units: 2 }), { facto: 2 } as never), /Did you mean `factor`/],
  [
    'inside Bidirectional',
    () => layers.bidirectional({ layer: scaled(layers.gru({ units: 2 })) as never }),
    /Wrap it instead: scaled\(tf\.layers\.bidirectional/,
  ],
])('%s is refused', (_, f, message) => {
  expect(f).toThrow(OptionError);
  expect(f).toThrow(message);
});

test('a function that changes the shape of a kernel is named', () => {
  const model = modelOf([3], cropped(layers.dense({ units: 2 })));
  expect(() => model.predict(tf.ones([1, 3]))).toThrow(PluginError);
  expect(() => model.predict(tf.ones([1, 3]))).toThrow(/kernel.*\[1,2\].*\[3,2\]/);
});
