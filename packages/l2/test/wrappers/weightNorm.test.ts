/** Weight normalization against PyTorch, against its own limits, and beside L2 and max-norm. */
import { readFileSync } from 'node:fs';
import { weightsOf } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { l2, maxNorm, normalizeWeight, register, weightDecay, weightNorm } from '../../src/index.ts';

const oracle = JSON.parse(readFileSync(new URL('../oracle/reparametrize.json', import.meta.url), 'utf8'))
  .weightNorm as {
  v: number[][];
  g: number[];
  w: number[][];
};

beforeAll(async () => {
  await tf.setBackend('cpu');
  register();
});

const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });
const dense = (units = 3) => tf.layers.dense({ units, kernelInitializer: seeded(1) });
const numbers = (t: tf.Tensor): number[] => [...t.dataSync()];
const close = (a: readonly number[], b: readonly number[], tolerance: number): void => {
  expect(a).toHaveLength(b.length);
  for (const [i, value] of a.entries()) expect(Math.abs(value - b[i]!)).toBeLessThan(tolerance);
};
const modelOf = (shape: number[], layer: tf.layers.Layer): tf.LayersModel => {
  const x = tf.input({ shape });
  return tf.model({ inputs: x, outputs: layer.apply(x) as tf.SymbolicTensor });
};
const named = (model: tf.LayersModel, name: string) => weightsOf(model).find(({ path }) => path.endsWith(`/${name}`))!;

const v = tf.tensor2d(oracle.v);
const g = tf.tensor2d([oracle.g]);

test('w of PyTorch', () => {
  close(numbers(normalizeWeight(v, g, [0])), oracle.w.flat(), 1e-6);
});

test('the gradient of Σ c ∘ w is that of central differences in float64, for v and g', () => {
  const c = oracle.w.flat().map((_, i) => Math.cos(i)); // any direction
  const [rows, units] = v.shape as [number, number];
  /** Σ c ∘ g v / ‖v‖, in float64. */
  const f = (v: readonly number[], g: readonly number[]): number =>
    g.reduce((sum, length, j) => {
      const column = Array.from({ length: rows }, (_, i) => v[i * units + j]!);
      const norm = Math.hypot(...column);
      return sum + column.reduce((s, x, i) => s + (c[i * units + j]! * length * x) / norm, 0);
    }, 0);
  const slopes = (x: readonly number[], f: (x: readonly number[]) => number): number[] =>
    x.map((value, i) => (f(x.with(i, value + 1e-5)) - f(x.with(i, value - 1e-5))) / 2e-5);
  const direction = tf.tensor2d(c, [rows, units]);
  const [dv, dg] = tf.grads((v, g) => tf.sum(tf.mul(normalizeWeight(v, g, [0]), direction)))([v, g]) as [
    tf.Tensor,
    tf.Tensor,
  ];
  close(
    numbers(dv),
    slopes(oracle.v.flat(), x => f(x, oracle.g)),
    1e-6,
  );
  close(
    numbers(dg),
    slopes(oracle.g, x => f(oracle.v.flat(), x)),
    1e-6,
  );
  // the gradient is orthogonal to v: its length never shrinks under SGD (paper, §2.1)
  for (const dot of numbers(tf.sum(tf.mul(dv, v), 0))) expect(Math.abs(dot)).toBeLessThan(1e-6);
});

test('second derivatives are those of differences of the gradient', () => {
  const first = (v: tf.Tensor) =>
    tf.grad((v: tf.Tensor) => tf.sum(tf.square(tf.square(normalizeWeight(v, g, [0])))))(v);
  const second = numbers(tf.grad((v: tf.Tensor) => tf.sum(first(v)))(v));
  const h = 1e-2;
  const numeric = oracle.v.flat().map((value, i, all) => {
    const at = (x: number) => tf.sum(first(tf.tensor2d(all.with(i, x), v.shape as [number, number]))).dataSync()[0]!;
    return (at(value + h) - at(value - h)) / (2 * h);
  });
  close(second, numeric, 2e-2 * Math.max(...numeric.map(Math.abs)));
});

test('a unit of zeros stays one, without NaN', () => {
  const zero = tf.tensor2d([[0, 3], [0, 4]]); // biome-ignore format: a matrix
  const lengths = tf.tensor2d([[0, 10]]);
  expect(numbers(normalizeWeight(zero, lengths, [0]))).toEqual([0, 6, 0, 8]);
  const [dv, dg] = tf.grads((v, g) => tf.sum(normalizeWeight(v, g, [0])))([zero, lengths]) as [tf.Tensor, tf.Tensor];
  expect([...numbers(dv), ...numbers(dg)].every(Number.isFinite)).toBe(true);
});

test.each<[string, () => tf.layers.Layer, number[]]>([
  ['dense', () => dense(), [4]],
  ['conv2d', () => tf.layers.conv2d({ filters: 2, kernelSize: 2, kernelInitializer: seeded(1) }), [4, 4, 3]],
  [
    'conv2dTranspose',
    () => tf.layers.conv2dTranspose({ filters: 2, kernelSize: 2, kernelInitializer: seeded(1) }),
    [3, 3, 2],
  ],
  ['depthwise', () => tf.layers.depthwiseConv2d({ kernelSize: 2, depthwiseInitializer: seeded(1) }), [3, 3, 2]],
  ['lstm', () => tf.layers.lstm({ units: 2, kernelInitializer: seeded(1), recurrentInitializer: seeded(2) }), [4, 3]],
])('%s: at first the layer computes what it did; one g for each unit', (_, create, shape) => {
  const x = tf.randomNormal([2, ...shape], 0, 1, 'float32', 1);
  const [ours, stock] = [modelOf(shape, weightNorm(create())), modelOf(shape, create())];
  expect(numbers(ours.predict(x) as tf.Tensor)).toEqual(numbers(stock.predict(x) as tf.Tensor));
  const kernels = weightsOf(stock).filter(w => w.fanInAxes.length);
  const gains = weightsOf(ours).filter(w => w.fanInAxes.length);
  expect(gains.map(w => w.path.endsWith('_g'))).toEqual(kernels.map(() => true));
  for (const [i, { variable, role, fanInAxes }] of kernels.entries()) {
    expect([gains[i]!.role, gains[i]!.fanInAxes]).toEqual([role, fanInAxes]);
    expect(gains[i]!.variable.shape).toEqual(variable.shape.map((n, axis) => (fanInAxes.includes(axis) ? 1 : n)));
  }
});

/** ‖w‖ of each unit of a dense layer, as it acts: its answer to each unit vector. */
const unitNorms = (model: tf.LayersModel, inputs: number): number[] =>
  numbers(tf.norm(model.predict(tf.eye(inputs)) as tf.Tensor, 2, 0));
const still = (_: tf.Tensor, yPred: tf.Tensor): tf.Tensor => tf.mul(yPred, 0);

describe('L2, weight decay and max-norm do to w what they do to a plain kernel', () => {
  test.each([
    ['l2', l2(0.1), 1 - 0.5 * 2 * 0.1],
    ['weightDecay', weightDecay(0.1), 1 - 0.5 * 0.1],
  ] as const)('%s scales ‖w‖ alike', async (_, plugin, factor) => {
    const model = modelOf([4], weightNorm(dense()));
    const before = unitNorms(model, 4);
    const reg = attach(model, tf.train.sgd(0.5), plugin);
    model.compile({ optimizer: reg.optimizer, loss: still });
    await model.trainOnBatch(tf.ones([2, 4]), tf.zeros([2, 3]));
    close(
      unitNorms(model, 4),
      before.map(n => n * factor),
      1e-6,
    );
  });

  test('maxNorm bounds ‖w‖', async () => {
    const model = modelOf([4], weightNorm(dense()));
    expect(Math.max(...unitNorms(model, 4))).toBeGreaterThan(0.5);
    const reg = attach(model, tf.train.sgd(0.5), maxNorm(0.5));
    model.compile({ optimizer: reg.optimizer, loss: still });
    await model.trainOnBatch(tf.ones([2, 4]), tf.zeros([2, 3]));
    for (const norm of unitNorms(model, 4)) expect(norm).toBeLessThan(0.5 + 1e-6);
  });

  test('the value of the L2 term is λ ‖w‖²', async () => {
    const [ours, stock] = [modelOf([4], weightNorm(dense())), modelOf([4], dense())];
    const cost = (model: tf.LayersModel): Promise<number> => {
      model.compile({ optimizer: attach(model, tf.train.sgd(0.5), l2(0.1)).optimizer, loss: still });
      return model.trainOnBatch(tf.ones([2, 4]), tf.zeros([2, 3])) as Promise<number>;
    };
    expect(await cost(ours)).toBeCloseTo(await cost(stock), 6);
  });
});

test('in training the direction v only grows', async () => {
  const model = modelOf([4], weightNorm(dense()));
  const kernel = named(model, 'kernel').variable;
  const lengths = () => numbers(tf.norm(kernel, 2, 0));
  model.compile({ optimizer: attach(model, tf.train.sgd(0.2)).optimizer, loss: 'meanSquaredError' });
  const [x, y] = [tf.randomNormal([8, 4], 0, 1, 'float32', 1), tf.randomNormal([8, 3], 0, 1, 'float32', 2)];
  let before = lengths();
  for (let i = 0; i < 5; i++) {
    await model.trainOnBatch(x, y);
    const now = lengths();
    for (const [j, length] of now.entries()) expect(length).toBeGreaterThan(before[j]! - 1e-6);
    before = now;
  }
});

describe('a kernel of zeros, as of a last layer or a residual branch', () => {
  const inputs: Readonly<Record<string, [shape: number[], layer: () => tf.layers.Layer]>> = {
    dense: [[3], () => tf.layers.dense({ units: 2, kernelInitializer: 'zeros' })],
    conv2d: [[4, 4, 2], () => tf.layers.conv2d({ filters: 2, kernelSize: 3, kernelInitializer: 'zeros' })],
    depthwise: [[4, 4, 2], () => tf.layers.depthwiseConv2d({ kernelSize: 3, depthwiseInitializer: 'zeros' })],
    simpleRNN: [[3, 2], () => tf.layers.simpleRNN({ units: 2, kernelInitializer: 'zeros' })],
    'given weights': [
      [2],
      () => tf.layers.dense({ units: 2, useBias: false, weights: [tf.tensor2d([[0, 1], [0, 2]])] }), // biome-ignore format: a matrix
    ],
  };
  test.each(Object.entries(inputs))(
    '%s: it computes what it did, and every unit has a gradient',
    (_, [shape, layer]) => {
      const [plain, normed] = [modelOf(shape, layer()), modelOf(shape, weightNorm(layer()))];
      const x = tf.randomNormal([4, ...shape], 0, 1, 'float32', 2);
      close(numbers(normed.predict(x) as tf.Tensor), numbers(plain.predict(x) as tf.Tensor), 1e-6);
      const gains = weightsOf(normed).filter(({ path }) => path.endsWith('kernel_g'));
      const f = () => tf.sum(tf.square(tf.sub(normed.apply(x) as tf.Tensor, 3))) as tf.Scalar;
      const { grads } = tf.variableGrads(f, gains.map(({ variable }) => variable)); // biome-ignore format: one call
      const slopes = Object.entries(grads).flatMap(([name, slope]) =>
        name.includes('recurrent') ? [] : numbers(slope),
      );
      for (const slope of slopes) expect(Math.abs(slope)).toBeGreaterThan(1e-4);
    },
  );

  test('it learns y = x₁ + x₂, and a unit that is no zeros keeps its v', async () => {
    const normed = weightNorm(tf.layers.dense({ units: 1, useBias: false, kernelInitializer: 'zeros' }));
    const model = modelOf([2], normed);
    const x = tf.randomNormal([64, 2], 0, 1, 'float32', 1);
    model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
    const { history } = await model.fit(x, tf.sum(x, 1, true), {
      epochs: 40,
      batchSize: 16,
      shuffle: false,
      verbose: 0,
    });
    expect(history.loss!.at(-1)).toBeLessThan(1e-3);
    const half = weightNorm(
      tf.layers.dense({ units: 2, useBias: false, weights: [tf.tensor2d([[0, 3], [0, 4]])] }), // biome-ignore format: a matrix
    );
    const [v] = modelOf([2], half).getWeights();
    expect([...v!.dataSync()].filter((_, i) => i % 2)).toEqual([3, 4]);
  });

  test('what is loaded is what was saved', async () => {
    const model = modelOf([3], weightNorm(tf.layers.dense({ units: 2, kernelInitializer: 'zeros' })));
    let saved: tf.io.ModelArtifacts = {};
    const keep = async (artifacts: tf.io.ModelArtifacts): Promise<tf.io.SaveResult> => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    };
    await model.save(tf.io.withSaveHandler(keep));
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved));
    expect(loaded.getWeights().map(numbers)).toEqual(model.getWeights().map(numbers));
  });
});

test('around a layer whose kernel has a constraint it leaves no tensor behind', () => {
  const tensors = tf.memory().numTensors;
  const layer = tf.layers.dense({ units: 3, kernelConstraint: tf.constraints.maxNorm({ maxValue: 2 }) });
  modelOf([4], weightNorm(layer)).dispose();
  expect(tf.memory().numTensors).toBe(tensors);
});
