import { OptionError, type TrainingPlugin } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import { weightDecay } from '@keepprob/l2';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { byEpoch, byStep, layerRates } from '../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const glorot = (seed: number) => tf.initializers.glorotUniform({ seed });
const net = () =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, inputShape: [2], name: 'base', kernelInitializer: glorot(1), activation: 'tanh' }),
      tf.layers.dense({ units: 1, name: 'head', kernelInitializer: glorot(2) }),
    ],
  });
const x = () => tf.randomNormal([8, 2], 0, 1, 'float32', 1);
const y = () => tf.randomNormal([8, 1], 0, 1, 'float32', 2);
const weights = (model: tf.LayersModel): number[][] => model.getWeights().map(w => [...w.dataSync()]);
/** The weights after some epochs of one update each. */
async function trained(plugins: readonly TrainingPlugin[], optimizer: tf.Optimizer, epochs = 1): Promise<number[][]> {
  const model = net();
  const options = { loss: 'meanSquaredError', optimizer, batchSize: 8, epochs, progress: false } as const;
  await fit(model, { x: x(), y: y() }, { ...options, plugins });
  return weights(model);
}
const optimizers: Readonly<Record<string, () => tf.Optimizer>> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9),
  adam: () => tf.train.adam(0.01),
};

describe.each(Object.entries(optimizers))('%s', (_, optimizer) => {
  test('a layer makes m times its update, weight decay included; the others all of it', async () => {
    const start = weights(net());
    const whole = await trained([weightDecay(0.1)], optimizer());
    const part = await trained([layerRates({ rates: { base: 0.25 } }), weightDecay(0.1)], optimizer());
    for (const [i, w] of part.entries()) {
      for (const [j, value] of w.entries()) {
        const all = whole[i]![j]! - start[i]![j]!;
        expect(value - start[i]![j]!).toBeCloseTo(i < 2 ? 0.25 * all : all, 6);
      }
    }
  });
  test('0 leaves a layer as it is, to the bit, until its schedule lets go of it: gradual unfreezing', async () => {
    const start = weights(net());
    for (const rate of [byEpoch([0, 0, 0.5]), byStep({ 0: 0, 2: 0.5 })]) {
      const plugin = layerRates({ rates: { base: rate } });
      const frozen = await trained([plugin], optimizer(), 2);
      expect(frozen.slice(0, 2)).toEqual(start.slice(0, 2));
      expect(frozen.slice(2)).not.toEqual(start.slice(2));
      const thawed = await trained([plugin], optimizer(), 3);
      expect(thawed[0]).not.toEqual(start[0]);
    }
  });
});

test('by path: a model stands for all in it', async () => {
  const inner = tf.sequential({
    layers: [
      tf.layers.dense({ units: 2, inputShape: [2], kernelInitializer: glorot(1) }),
      tf.layers.dense({ units: 2 }),
    ],
  });
  const model = tf.sequential({ layers: [inner, tf.layers.dense({ units: 1 })] });
  const before = weights(model);
  const options = { loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1), progress: false } as const;
  await fit(model, { x: x(), y: y() }, { ...options, plugins: [layerRates({ rates: { '0-Sequential': 0 } })] });
  expect(weights(model).slice(0, 4)).toEqual(before.slice(0, 4));
  expect(weights(model).slice(4)).not.toEqual(before.slice(4));
});

test('a name that no trained weight has is an OptionError before the update', async () => {
  const model = net();
  const before = weights(model);
  const reg = attach(model, tf.train.sgd(0.1), layerRates({ rates: { bass: 0.1 } }));
  model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
  await expect(model.trainOnBatch(x(), y())).rejects.toThrow(/base, head.*bass/);
  expect(weights(model)).toEqual(before);
  expect(() => layerRates({ rates: { base: -1 } })).toThrow(OptionError);
});

test('a layer that is frozen in mid-run keeps its name in the table', async () => {
  const model = net();
  const reg = attach(model, tf.train.sgd(0.1), layerRates({ rates: { base: 0.5 } }));
  const compile = () => model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
  compile();
  await model.trainOnBatch(x(), y());
  model.getLayer('base').trainable = false;
  compile();
  const base = model
    .getLayer('base')
    .getWeights()
    .map(w => [...w.dataSync()]);
  await model.trainOnBatch(x(), y());
  expect(
    model
      .getLayer('base')
      .getWeights()
      .map(w => [...w.dataSync()]),
  ).toEqual(base);
});
