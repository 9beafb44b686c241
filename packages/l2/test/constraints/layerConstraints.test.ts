import { OptionError, PluginError, type TrainingPlugin } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { layerConstraints } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const { constraints, layers } = tf;

async function trained(model: tf.LayersModel, ...plugins: TrainingPlugin[]): Promise<tf.LayersModel> {
  const reg = attach(model, tf.train.sgd(0.05), ...plugins);
  model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
  const shape = (symbolic: tf.SymbolicTensor) => [8, ...symbolic.shape.slice(1)] as number[];
  const x = tf.randomNormal(shape(model.inputs[0]!), 0, 1, 'float32', 1);
  await model.fit(x, tf.fill(shape(model.outputs[0]!), 3), { epochs: 3, batchSize: 4, shuffle: false, verbose: 0 });
  reg.dispose();
  return model;
}
const norms = (model: tf.LayersModel, weight: number, axes: number[]): number[] => [
  ...tf.sqrt(tf.sum(tf.square(model.getWeights()[weight]!), axes)).dataSync(),
];
const glorot = () => tf.initializers.glorotUniform({ seed: 1 });

const cnn = () =>
  tf.sequential({
    layers: [
      layers.conv2d({
        filters: 3,
        kernelSize: 3,
        inputShape: [5, 5, 2],
        kernelInitializer: glorot(),
        kernelConstraint: constraints.maxNorm({ maxValue: 0.5, axis: [0, 1, 2] as never }),
        biasConstraint: constraints.nonNeg(),
      }),
      layers.flatten(),
      layers.dense({ units: 2, kernelInitializer: glorot(), kernelConstraint: constraints.unitNorm({ axis: 0 }) }),
    ],
  });

test('stock fit does nothing about constraints', async () => {
  const model = await trained(cnn());
  expect(Math.max(...norms(model, 0, [0, 1, 2]))).toBeGreaterThan(0.51);
  expect(norms(model, 2, [0]).every(norm => Math.abs(norm - 1) < 1e-3)).toBe(false);
});

test('max-norm, unit norm and non-negative hold after every update, each on its axes', async () => {
  const model = cnn();
  await trained(model, layerConstraints(model));
  for (const norm of norms(model, 0, [0, 1, 2])) expect(norm).toBeLessThan(0.5 + 1e-6);
  for (const norm of norms(model, 2, [0])) expect(norm).toBeCloseTo(1, 5);
  for (const bias of model.getWeights()[1]!.dataSync()) expect(bias).toBeGreaterThanOrEqual(0);
});

test('recurrent cells, and models inside models', async () => {
  const inner = tf.sequential({
    layers: [
      layers.lstm({
        units: 3,
        inputShape: [4, 2],
        kernelConstraint: constraints.unitNorm({ axis: 0 }),
        recurrentConstraint: constraints.maxNorm({ maxValue: 0.1, axis: 0 }),
      }),
    ],
  });
  const model = tf.sequential({ layers: [inner, layers.dense({ units: 1 })] });
  await trained(model, layerConstraints(model));
  for (const norm of norms(model, 0, [0])) expect(norm).toBeCloseTo(1, 5);
  for (const norm of norms(model, 1, [0])) expect(norm).toBeLessThan(0.1 + 1e-6);
});

test('weights without a constraint train as they would without it, and frozen ones stay', async () => {
  const build = () =>
    tf.sequential({
      layers: [
        layers.dense({ units: 4, inputShape: [3], kernelInitializer: glorot() }),
        layers.dense({
          units: 2,
          kernelInitializer: 'ones',
          trainable: false,
          kernelConstraint: constraints.unitNorm({ axis: 0 }),
        }),
      ],
    });
  const [model, plain] = [build(), await trained(build())];
  await trained(model, layerConstraints(model));
  expect(model.getWeights().map(w => [...w.dataSync()])).toEqual(plain.getWeights().map(w => [...w.dataSync()]));
});

test('a hundred steps leave no tensor behind', async () => {
  const model = cnn();
  const reg = attach(model, tf.train.sgd(0.1), layerConstraints(model));
  model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
  const [x, y] = [tf.ones([2, 5, 5, 2]), tf.ones([2, 2])];
  await model.trainOnBatch(x, y);
  const before = tf.memory().numTensors;
  for (let i = 0; i < 100; i++) await model.trainOnBatch(x, y);
  expect(tf.memory().numTensors).toBe(before);
});

describe('refused', () => {
  test('what is no model', () => expect(() => layerConstraints(undefined as never)).toThrow(OptionError));
  test('a model that it was not made for', async () => {
    const failed = await trained(cnn(), layerConstraints(cnn())).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(PluginError);
    expect((failed as Error).message).toMatch(/layerConstraints.*another model/);
  });
});
