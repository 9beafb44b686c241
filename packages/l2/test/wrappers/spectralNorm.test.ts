/** Spectral normalization against PyTorch's singular values, and the law that no input is stretched. */
import { readFileSync } from 'node:fs';
import { weightsOf } from '@keepprob/core';
import { openRun } from '@keepprob/core/driver';
import { layerPluginsOf, sampling } from '@keepprob/core/layers';
import { attach } from '@keepprob/core/stock';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { divideBySpectralNorm, powerIteration, register, spectralNorm } from '../../src/index.ts';

const oracle = JSON.parse(readFileSync(new URL('../oracle/reparametrize.json', import.meta.url), 'utf8'))
  .spectralNorm as {
  W: number[][];
  sigmaMax: number;
  normalized: number[][];
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
const uOf = (model: tf.LayersModel): tf.Variable => weightsOf(model).find(({ path }) => path.endsWith('_u'))!.variable;

const W = tf.tensor2d(oracle.W);

test('σ of PyTorch: after enough iterations W / σ is its normalized weight', () => {
  const u = powerIteration(W, tf.ones([5]), 100);
  const sigma = tf.norm(tf.matMul(W, tf.reshape(u, [5, 1]))).dataSync()[0]!;
  expect(Math.abs(sigma - oracle.sigmaMax)).toBeLessThan(1e-5);
  close(numbers(divideBySpectralNorm(W, u, [0])), oracle.normalized.flat(), 1e-6);
});

test('iterations approach σ from below: ‖W u‖ never falls', () => {
  const sigmas = [0, 1, 2, 5, 20].map(
    n =>
      tf
        .norm(tf.matMul(W, tf.reshape(powerIteration(W, tf.mul(tf.ones([5]), Math.sqrt(0.2)), n), [5, 1])))
        .dataSync()[0]!,
  );
  for (const [i, sigma] of sigmas.entries()) {
    expect(sigma).toBeLessThan(oracle.sigmaMax + 1e-5);
    expect(sigma).toBeGreaterThan((sigmas[i - 1] ?? 0) - 1e-6);
  }
});

test.each([
  ['[fan-in, units]', [0], [7, 5]],
  ['[units, fan-in]', [1], [5, 7]],
  ['a transposed convolution', [0, 2], [7, 5, 1]],
] as const)('%s: the gradient is that of central differences with u fixed, in float64', (_, axes, shape) => {
  const flat = oracle.W.flat();
  const units = axes[0] === 1 ? 0 : 1;
  const u = [0.1, -0.5, 0.3, 0.7, -0.2].map(x => x / Math.sqrt(0.88));
  const c = flat.map((_, i) => Math.cos(i));
  const f = (w: readonly number[]): number => {
    const sums = Array.from({ length: 7 }, () => 0);
    for (const [i, value] of w.entries()) {
      const [fan, unit] = units === 1 ? [Math.floor(i / 5), i % 5] : [i % 7, Math.floor(i / 7)];
      sums[fan]! += value * u[unit]!;
    }
    return w.reduce((sum, value, i) => sum + c[i]! * value, 0) / Math.hypot(...sums);
  };
  const numeric = flat.map((v, i) => (f(flat.with(i, v + 1e-5)) - f(flat.with(i, v - 1e-5))) / 2e-5);
  const direction = tf.tensor(c, [...shape]);
  const analytic = tf.grad(w => tf.sum(tf.mul(divideBySpectralNorm(w, tf.tensor1d(u), axes), direction)))(
    tf.tensor(flat, [...shape]),
  );
  close(numbers(analytic), numeric, 1e-5);
});

test('a kernel of zeros stays one, without NaN, and u waits', () => {
  const zeros = tf.zeros([3, 2]);
  const u = tf.tensor1d([0.6, 0.8]);
  expect(numbers(powerIteration(zeros as tf.Tensor2D, u, 3))).toEqual(numbers(u));
  expect(numbers(divideBySpectralNorm(zeros, u, [0]))).toEqual([0, 0, 0, 0, 0, 0]);
  const gradient = tf.grad(w => tf.sum(divideBySpectralNorm(w, u, [0])))(zeros);
  expect(numbers(gradient)).toEqual([1, 1, 1, 1, 1, 1]);
});

test('no input is stretched: ‖f(x) − f(x′)‖ ≤ ‖x − x′‖, before training and after', async () => {
  const model = tf.sequential({
    layers: [
      spectralNorm(tf.layers.dense({ units: 8, inputShape: [4], kernelInitializer: seeded(1), activation: 'relu' })),
      spectralNorm(tf.layers.dense({ units: 1, kernelInitializer: seeded(2) })),
    ],
  });
  const [a, b] = [tf.randomNormal([64, 4], 0, 3, 'float32', 1), tf.randomNormal([64, 4], 0, 3, 'float32', 2)];
  const steepest = (): number => {
    const [fa, fb] = [model.predict(a) as tf.Tensor, model.predict(b) as tf.Tensor];
    return tf.max(tf.div(tf.norm(tf.sub(fa, fb), 2, 1), tf.norm(tf.sub(a, b), 2, 1))).dataSync()[0]!;
  };
  expect(steepest()).toBeLessThan(1.001);
  model.compile({
    optimizer: attach(model, tf.train.sgd(0.05)).optimizer,
    loss: (_, y) => tf.neg(tf.mean(tf.mul(y, 10))),
  });
  await model.fit(a, tf.zeros([64, 1]), { epochs: 20, batchSize: 16, verbose: 0 });
  expect(steepest()).toBeLessThan(1.001);
  expect(steepest()).toBeGreaterThan(0.3); // and the bound is used
});

test('u moves in training, and nowhere else; it is saved and frozen weights keep it', async () => {
  const model = modelOf([4], spectralNorm(dense()));
  const u = uOf(model);
  expect(weightsOf(model).map(w => [w.role, w.trainable])).toEqual([
    ['other', false],
    ['kernel', true],
    ['bias', true],
  ]);
  const start = numbers(u);
  model.predict(tf.ones([2, 4]));
  expect(numbers(u)).toEqual(start);
  weightsOf(model)
    .find(w => w.role === 'kernel')!
    .variable.assign(tf.randomNormal([4, 3], 0, 1, 'float32', 9));
  model.apply(tf.ones([2, 4]), { training: true });
  const moved = numbers(u);
  expect(moved).not.toEqual(start);
  expect(Math.hypot(...moved)).toBeCloseTo(1, 5);
});

test('samples at inference leave u alone', () => {
  const model = modelOf([4], spectralNorm(dense()));
  weightsOf(model)
    .find(w => w.role === 'kernel')!
    .variable.assign(tf.randomNormal([4, 3], 0, 1, 'float32', 9));
  const start = numbers(uOf(model));
  const rows = [0, 2] as const;
  sampling({ seed: 1, index: 0, rows, layers: layerPluginsOf(model) }, () => model.predict(tf.ones([2, 4])));
  expect(numbers(uOf(model))).toEqual(start);
});

test('one iteration a step: uses of a shared layer and parts of a batch take u as the first left it', () => {
  const layer = spectralNorm(tf.layers.dense({ units: 4, kernelInitializer: seeded(1) }));
  const x = tf.input({ shape: [4] });
  const model = tf.model({ inputs: x, outputs: layer.apply(layer.apply(x)) as tf.SymbolicTensor });
  const kernel = weightsOf(model).find(w => w.role === 'kernel')!.variable;
  kernel.assign(tf.randomNormal([4, 4], 0, 1, 'float32', 9));
  const expected = numbers(powerIteration(kernel as unknown as tf.Tensor2D, uOf(model), 1));
  const run = openRun(model, [], { host: 'fit', optimizer: tf.train.sgd(0), seed: 1, epoch: () => 0 });
  for (const first of [0, 2]) {
    const step = run.gradients(
      () => tf.mean(model.apply(tf.ones([2, 4]), { training: true }) as tf.Tensor),
      [kernel],
      run.moment('train', { rows: [first, 4] }),
    );
    tf.dispose([step.loss, step.penalty, step.cost, ...step.gradients.values()]);
    expect(numbers(uOf(model))).toEqual(expected);
  }
  run.dispose();
});

test('a whole model, layer by layer: convolution, transposed convolution, recurrent', () => {
  const model = spectralNorm(
    tf.sequential({
      layers: [
        tf.layers.conv2d({ filters: 3, kernelSize: 2, inputShape: [5, 5, 2] }),
        tf.layers.conv2dTranspose({ filters: 2, kernelSize: 2 }),
        tf.layers.timeDistributed({ layer: tf.layers.flatten() }),
        tf.layers.gru({ units: 3 }),
      ],
    }),
  );
  const outer = modelOf([5, 5, 2], model);
  const us = weightsOf(outer).filter(w => w.path.endsWith('_u'));
  // units: out channels of each convolution, three gates of the recurrent layer
  expect(us.map(w => w.variable.shape)).toEqual([[3], [2], [9], [9]]);
  expect((outer.predict(tf.ones([1, 5, 5, 2])) as tf.Tensor).shape).toEqual([1, 3]);
});

test('an embedding: its matrix [words, features] has spectral norm 1, in training too; of a model with kernels these alone', async () => {
  const embeddings = tf.randomNormal([7, 3], 0, 2, 'float32', 1);
  const layer = tf.layers.embedding({ inputDim: 7, outputDim: 3, weights: [embeddings], inputLength: 7 });
  const model = tf.sequential({ layers: [spectralNorm(layer)] });
  const rows = tf.squeeze(model.predict(tf.tensor2d([[0, 1, 2, 3, 4, 5, 6]])) as tf.Tensor, [0]) as tf.Tensor2D;
  // the largest eigenvalue of WᵀW, by many power iterations
  let v: tf.Tensor = tf.ones([3, 1]);
  const gram = tf.matMul(rows, rows, true);
  for (let i = 0; i < 200; i++) v = tf.div(tf.matMul(gram, v as tf.Tensor2D), tf.norm(v));
  expect(tf.norm(v).dataSync()[0]).toBeCloseTo(1, 2);
  const both = tf.sequential({
    layers: [
      tf.layers.embedding({ inputDim: 4, outputDim: 2, inputLength: 3 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 1 }),
    ],
  });
  const wrapped = spectralNorm(both);
  wrapped.apply(tf.input({ shape: [3] }));
  expect(wrapped.weights.filter(w => w.originalName.endsWith('_u'))).toHaveLength(1);
});
