/** What holds weights back: the numbers of `penalty` and the weights after `constrain` in PyTorch are those of Keras' formulas. */
import '@tensorflow/tfjs-backend-cpu';
import { concreteDropout, dropout } from '@keepprob/dropout';
import { l1 } from '@keepprob/l1';
import { activityRegularization, l2, maxNorm, nonNegative, orthogonal, weightDecay, weightNorm } from '@keepprob/l2';
import { linear } from '@keepprob/schedules';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { ConvertError, type Exported, exportKeras, exportTorch, readSafetensors } from '../../src/index.ts';
import { fill, inputsFor } from '../support/models.ts';
import { type Answer, hasTorch, inTorch } from '../support/torch.ts';

const { layers, regularizers, constraints } = tfl;

/** Constraints on a convolution, an LSTM and a dense layer, each over other axes. */
const held = (): tfl.LayersModel =>
  fill(
    tfl.sequential({
      name: 'net',
      layers: [
        layers.conv1d({
          filters: 3,
          kernelSize: 2,
          name: 'conv',
          inputShape: [5, 2],
          kernelConstraint: constraints.maxNorm({ maxValue: 0.5, axis: 0 }),
          biasRegularizer: regularizers.l1({ l1: 0.2 }),
        }),
        layers.lstm({
          units: 2,
          recurrentActivation: 'sigmoid',
          name: 'lstm',
          kernelRegularizer: regularizers.l1l2({ l1: 0.1, l2: 0.01 }),
          recurrentConstraint: constraints.unitNorm({ axis: 0 }),
        }),
        layers.dense({
          units: 2,
          name: 'out',
          kernelConstraint: constraints.minMaxNorm({ minValue: 0.2, maxValue: 0.4, rate: 0.5, axis: 0 }),
          biasConstraint: 'nonNeg',
        }),
      ],
    }),
  );

const frozen = (): tfl.LayersModel => {
  const model = held();
  model.getLayer('lstm').trainable = false;
  return model;
};

const plugins = [l2(0.01), l1(0.1), maxNorm(0.5), weightDecay(0.02)];
const cases: Record<string, { exported: Exported; inputs: ReturnType<typeof inputsFor> }> = {};
let answers: Record<string, Answer> = {};

beforeAll(async () => {
  cases.layers = { exported: await exportTorch(held()), inputs: inputsFor(held()) };
  cases.plugins = { exported: await exportTorch(frozen(), { plugins }), inputs: inputsFor(held()) };
  if (hasTorch) answers = inTorch(cases).answers;
});

const valuesOf = (model: tfl.LayersModel, name: string, i: number): { data: number[]; shape: number[] } => {
  const tensor = model.getLayer(name).weights[i]?.read();
  return { data: [...(tensor?.dataSync() ?? [])], shape: tensor?.shape ?? [] };
};
const sum = (values: readonly number[], f: (value: number) => number): number =>
  values.reduce((total, value) => total + f(value), 0);
const absolute = (values: readonly number[]): number => sum(values, Math.abs);
const squares = (values: readonly number[]): number => sum(values, v => v * v);

test.runIf(hasTorch)('penalties of layers are those of Keras: λ₁ Σ|w| + λ₂ Σ w²', () => {
  const model = held();
  const kernel = valuesOf(model, 'lstm', 0).data;
  const wanted = 0.2 * absolute(valuesOf(model, 'conv', 1).data) + 0.1 * absolute(kernel) + 0.01 * squares(kernel);
  expect(answers.layers?.penalty).toBeCloseTo(wanted, 5);
});

test.runIf(hasTorch)('constraints take their norms over the same weights as in Keras', () => {
  const model = held();
  const state = answers.layers?.state ?? {};
  // [2, 2, 3] here, [3, 2, 2] there: Keras' axis 0 is the first of space, so that pairs (in, out) have norms
  const { data } = valuesOf(model, 'conv', 0);
  const at = (k: number, i: number, o: number): number => data[(k * 2 + i) * 3 + o] ?? Number.NaN;
  for (const [o, i] of [0, 1, 2].flatMap(o => [0, 1].map(i => [o, i] as const))) {
    const norm = Math.hypot(at(0, i, o), at(1, i, o));
    const there = [0, 1].map(k => state['conv.weight']?.[(o * 2 + i) * 2 + k]);
    expect(there).toEqual([0, 1].map(k => expect.closeTo(at(k, i, o) * Math.min(1, 0.5 / norm), 5)));
  }
  // each column of the recurrent kernel is a row there
  const rows = state['lstm.weight_hh_l0'] ?? [];
  for (let gate = 0; gate < 8; gate++)
    expect(Math.hypot(rows[2 * gate] ?? 0, rows[2 * gate + 1] ?? 0)).toBeCloseTo(1, 5);
  const kernel = valuesOf(model, 'out', 0).data;
  for (const unit of [0, 1]) {
    const before = Math.hypot(kernel[unit] ?? 0, kernel[2 + unit] ?? 0);
    const wanted = 0.5 * Math.min(Math.max(before, 0.2), 0.4) + 0.5 * before;
    const after = Math.hypot(state['out.weight']?.[2 * unit] ?? 0, state['out.weight']?.[2 * unit + 1] ?? 0);
    expect(after).toBeCloseTo(wanted, 5);
  }
  expect(Math.min(...(state['out.bias'] ?? [-1]))).toBeGreaterThanOrEqual(0);
});

test.runIf(hasTorch)('plugins act on the kernels that are trained, and frozen layers stay frozen', () => {
  const model = held();
  const [conv, out] = [valuesOf(model, 'conv', 0).data, valuesOf(model, 'out', 0).data];
  const lstm = valuesOf(model, 'lstm', 0).data;
  const ofLayers = 0.2 * absolute(valuesOf(model, 'conv', 1).data) + 0.1 * absolute(lstm) + 0.01 * squares(lstm);
  const ofPlugins = 0.01 * squares([...conv, ...out]) + 0.1 * absolute([...conv, ...out]);
  expect(answers.plugins?.penalty).toBeCloseTo(ofLayers + ofPlugins, 4);
  expect(answers.plugins?.frozen.filter(name => name.startsWith('lstm'))).toHaveLength(4);
  expect(answers.plugins?.groups).toEqual([
    [0.02, 2],
    [0, 6],
  ]);
});

test('weights are under the names of state_dict', () => {
  const { weights } = cases.layers?.exported ?? {};
  expect(Object.keys(weights ? readSafetensors(weights) : {}).sort()).toEqual([
    'conv.bias',
    'conv.weight',
    'lstm.bias_hh_l0',
    'lstm.bias_ih_l0',
    'lstm.weight_hh_l0',
    'lstm.weight_ih_l0',
    'out.bias',
    'out.weight',
  ]);
});

test('Keras takes them as arguments of the layers', async () => {
  const { script } = await exportKeras(held(), { plugins: [nonNegative()] }).catch(error => ({
    script: error.message,
  }));
  expect(script).toMatch(/layer "conv".*two constraints/);
  const { script: whole } = await exportKeras(held(), { plugins: [l2(0.01), weightDecay(0.1)] });
  for (const text of [
    'bias_regularizer=keras.regularizers.L1(0.2)',
    'kernel_constraint=keras.constraints.MaxNorm(0.5, axis=0)',
    'kernel_regularizer=keras.regularizers.L1L2(0.1, 0.02)',
    'recurrent_regularizer=keras.regularizers.L2(0.01)',
    'recurrent_constraint=keras.constraints.UnitNorm(axis=0)',
    'kernel_constraint=keras.constraints.MinMaxNorm(0.2, 0.4, 0.5, axis=0)',
    'bias_constraint=keras.constraints.NonNeg()',
    'keras.optimizers.AdamW(learning_rate, weight_decay=0.1)',
  ])
    expect(whole).toContain(text);
});

test('a schedule becomes its last value, and the script says so', async () => {
  const model = tfl.sequential({
    layers: [
      layers.dense({ units: 2, inputShape: [2], name: 'a' }),
      dropout({ keepProb: linear({ from: 1, to: 0.6, steps: 10 }), name: 'falling' }),
    ],
  });
  for (const { script } of [await exportTorch(model), await exportKeras(model)]) {
    expect(script).toMatch(/Dropout\(0\.4/);
    expect(script).toContain('Layer falling: keepProb changed over time');
  }
});

const one = (layer: tfl.layers.Layer): tfl.LayersModel => tfl.sequential({ layers: [layer] });
const plain = () => one(layers.dense({ units: 1, inputShape: [2], name: 'out' }));

test.each<[string, () => tfl.LayersModel, object, RegExp]>([
  [
    'a model that is given a mask',
    () => {
      const words = layers.embedding({ inputDim: 3, outputDim: 2, maskZero: true, inputLength: 2, name: 'words' });
      const reader = layers.lstm({ units: 1, inputShape: [2, 2], name: 'reader' });
      return tfl.sequential({ layers: [words, tfl.sequential({ name: 'inner', layers: [reader] })] });
    },
    {},
    /layer "inner" \(Sequential\).*the mask of a layer before it/,
  ],
  [
    'a softmax of time steps with a mask',
    () =>
      tfl.sequential({
        layers: [layers.masking({ inputShape: [3, 3], name: 'mask' }), layers.softmax({ axis: -1, name: 'shares' })],
      }),
    {},
    /layer "shares" \(Softmax\).*the activation softmax/,
  ],
  [
    'a wrapper whose units are two axes',
    () =>
      one(
        weightNorm(layers.depthwiseConv2d({ kernelSize: 1, name: 'in' }), {
          inputShape: [2, 2, 2],
          name: 'wrapped',
        } as never),
      ),
    {},
    /"wrapped" \(WeightNorm\).*not one axis/,
  ],
  [
    'a rate that is learned',
    () =>
      tfl.sequential({
        layers: [concreteDropout({ inputShape: [2], name: 'learned' }), layers.dense({ units: 1, name: 'out' })],
      }),
    {},
    /"learned" \(KeepprobConcreteDropout\).*setKeepProb/,
  ],
  [
    'a penalty on activations',
    () => one(activityRegularization({ l1: 0.1, inputShape: [2], name: 'sparse' })),
    {},
    /"sparse" \(ActivityRegularization\)/,
  ],
  [
    'channels first',
    () =>
      one(
        layers.conv2d({ filters: 1, kernelSize: 1, inputShape: [2, 2, 2], dataFormat: 'channelsFirst', name: 'conv' }),
      ),
    {},
    /channelsFirst/,
  ],
  [
    'a layer that keeps its state',
    () =>
      one(
        layers.lstm({
          units: 1,
          stateful: true,
          batchInputShape: [1, 2, 2],
          recurrentActivation: 'sigmoid',
          name: 'rnn',
        }),
      ),
    {},
    /stateful/,
  ],
  ['a plugin without a counterpart', plain, { plugins: [orthogonal(0.1)] }, /plugin "orthogonal"/],
  [
    'a strength that varies',
    plain,
    { plugins: [l2(linear({ from: 0, to: 1, steps: 2 }))] },
    /option `strength` is not a number/,
  ],
  ['weights that a function picks', plain, { plugins: [l2({ strength: 1, where: () => true })] }, /option `where`/],
])('%s cannot be translated, and is named', async (_, make, options, message) => {
  const error: unknown = await exportTorch(make(), options).catch(reason => reason);
  expect(error).toBeInstanceOf(ConvertError);
  expect(error).toMatchObject({ problem: 'untranslatable', message: expect.stringMatching(message) });
});

test('what is no model is refused', async () => {
  await expect(exportTorch({} as never)).rejects.toMatchObject({ name: 'OptionError' });
  await expect(exportKeras(plain(), { plugin: [] } as never)).rejects.toMatchObject({ name: 'OptionError' });
});

test('names of layers are never code', async () => {
  const names = ['class', 'train', '1st', 'x-y.z/a', 'load_file', 'forward'];
  const model = tfl.sequential({
    name: 'net',
    layers: names.map(name => layers.dense({ units: 1, inputShape: [1], name })),
  });
  const { script } = await exportTorch(model);
  expect([...script.matchAll(/self\.(\w+) = nn/g)].map(([, name]) => name)).toEqual([
    'class_',
    'train_',
    'layer_1st',
    'x_y_z_a',
    'load_file_',
    'forward_',
  ]);
  expect((await exportKeras(model)).script).toContain('name="x-y.z_a"');
});

test('a layer called as another one with a word behind has a name of its own', async () => {
  const names = ['conv_depthwise', 'conv_pointwise'];
  const model = tfl.sequential({
    name: 'net',
    layers: [
      layers.separableConv2d({ filters: 2, kernelSize: 1, inputShape: [2, 2, 2], name: 'conv' }),
      ...names.map(name => layers.conv2d({ filters: 2, kernelSize: 1, name })),
    ],
  });
  const { script } = await exportTorch(model);
  expect([...script.matchAll(/self\.(\w+) = nn/g)].map(([, name]) => name)).toEqual([
    'conv_depthwise',
    'conv_pointwise',
    'conv_depthwise_',
    'conv_pointwise_',
  ]);
});
