/** Penalties on activations: value and gradient by hand, in stock fit, in parts of a batch, and saved. */
import { OptionError, PluginError } from '@keepprob/core';
import { openRun } from '@keepprob/core/driver';
import { linear } from '@keepprob/core/schedules';
import { attach } from '@keepprob/core/stock';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { activityL1, activityL2, activityPenalty, activityRegularization, register } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  register();
});

const numbers = (t: tf.Tensor): number[] => [...t.dataSync()];
const ones = (units = 2) => tf.layers.dense({ units, inputShape: [3], kernelInitializer: 'ones', useBias: false });
const still = (_: tf.Tensor, yPred: tf.Tensor): tf.Tensor => tf.mul(yPred, 0);

test('(λ₁ Σ |x| + λ₂ Σ x²) / rows, and its gradient (λ₁ sign x + 2 λ₂ x) / rows', () => {
  const x = tf.tensor2d([[1, -2, 0], [3, 0, -1]]); // biome-ignore format: a matrix
  // Σ |x| = 7, Σ x² = 15, two rows
  expect(activityPenalty(x, 0.5, 0).dataSync()[0]).toBeCloseTo(1.75, 6);
  expect(activityPenalty(x, 0, 0.1).dataSync()[0]).toBeCloseTo(0.75, 6);
  expect(activityPenalty(x, 0.5, 0.1).dataSync()[0]).toBeCloseTo(2.5, 6);
  const gradient = numbers(tf.grad(x => activityPenalty(x, 0.5, 0.1))(x));
  for (const [i, expected] of [0.35, -0.45, 0, 0.55, 0, -0.35].entries()) expect(gradient[i]).toBeCloseTo(expected, 6);
});

test('second derivatives: 2 λ₂ / rows, and nothing of |x|', () => {
  const x = tf.tensor2d([[1, -2]]);
  const twice = tf.grad((x: tf.Tensor) => tf.sum(tf.grad((x: tf.Tensor) => activityPenalty(x, 0.5, 0.1))(x)))(x);
  for (const value of numbers(twice)) expect(value).toBeCloseTo(0.2, 6);
});

describe('in stock fit', () => {
  const trained = async (layer: tf.layers.Layer, rows = 2): Promise<{ cost: number; w: number }> => {
    const model = tf.sequential({ layers: [ones(), layer] });
    const reg = attach(model, tf.train.sgd(0.1));
    model.compile({ optimizer: reg.optimizer, loss: still });
    const cost = (await model.trainOnBatch(tf.ones([rows, 3]), tf.zeros([rows, 2]))) as number;
    return { cost, w: numbers(model.getWeights()[0]!)[0]! };
  };

  // both units are 3 in every row: the penalty of a row is λ₁ 6 or λ₂ 18, whatever the number of rows
  test.each([1, 2, 7])('the penalty joins J and trains the weights, %d rows alike', async rows => {
    const first = await trained(activityL1(0.5), rows);
    expect(first.cost).toBeCloseTo(3, 5);
    expect(first.w).toBeCloseTo(1 - 0.1 * 0.5, 5); // ∂/∂w of λ₁ |w x| is λ₁ x = .5
    const second = await trained(activityL2(0.5), rows);
    expect(second.cost).toBeCloseTo(9, 5);
    expect(second.w).toBeCloseTo(1 - 0.1 * 3, 5); // 2 λ₂ h x = 3
    expect((await trained(activityRegularization({ l1: 0.5, l2: 0.5 }), rows)).cost).toBeCloseTo(12, 5);
  });

  test('λ may be a schedule', async () => {
    const model = tf.sequential({ layers: [ones(), activityL1({ strength: linear({ from: 0.5, to: 0, steps: 1 }) })] });
    model.compile({ optimizer: attach(model, tf.train.sgd(0)).optimizer, loss: still });
    const [x, y] = [tf.ones([2, 3]), tf.zeros([2, 2])];
    expect(await model.trainOnBatch(x, y)).toBeCloseTo(3, 5);
    expect(await model.trainOnBatch(x, y)).toBe(0);
  });

  test('nothing is left behind', async () => {
    const model = tf.sequential({ layers: [ones(), activityRegularization({ l1: 0.1, l2: 0.1 })] });
    model.compile({ optimizer: attach(model, tf.train.sgd(0.01)).optimizer, loss: still });
    const [x, y] = [tf.ones([2, 3]), tf.zeros([2, 2])];
    await model.trainOnBatch(x, y);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 100; i++) await model.trainOnBatch(x, y);
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('a batch in parts has the penalty and gradient of the whole, whatever the cut', () => {
  const model = tf.sequential({ layers: [ones(), activityRegularization({ l1: 0.3, l2: 0.2 })] });
  const run = openRun(model, [], { host: 'fit', optimizer: tf.train.sgd(0.1), seed: 1, epoch: () => 0 });
  const rows = 5;
  const x = tf.randomNormal([rows, 3], 0, 1, 'float32', 1);
  const variables = run.weights.map(w => w.variable);
  const part = (from: number, to: number): number[] => {
    const step = run.gradients(
      () => tf.mul(tf.sum(model.apply(tf.slice(x, [from], [to - from]), { training: true }) as tf.Tensor), 0),
      variables,
      run.moment('train', { rows: [from, rows] }),
    );
    return [...numbers(step.penalty), ...[...step.gradients.values()].flatMap(numbers)];
  };
  const whole = part(0, rows);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: rows - 1 }), cut => {
      const [a, b] = [part(0, cut), part(cut, rows)];
      for (const [i, value] of whole.entries())
        expect((a[i]! * cut + b[i]! * (rows - cut)) / rows).toBeCloseTo(value, 5);
    }),
  );
  run.dispose();
});

test('nothing at inference; with nothing to collect it in training, an error', () => {
  const model = tf.sequential({ layers: [ones(), activityL1(0.5)] });
  expect(numbers(model.predict(tf.ones([1, 3])) as tf.Tensor)).toEqual([3, 3]);
  expect(() => model.apply(tf.ones([1, 3]), { training: true })).toThrow(PluginError);
});

test('a model.json as the Keras converter writes it, and one of ours', async () => {
  const layer = (class_name: string, config: object) => ({
    class_name,
    config: { trainable: true, dtype: 'float32', ...config },
  });
  const topology = {
    keras_version: '2.15.0',
    backend: 'tensorflow',
    model_config: {
      class_name: 'Sequential',
      config: {
        name: 'sequential',
        layers: [layer('ActivityRegularization', { name: 'a', batch_input_shape: [null, 2], l1: 0.01, l2: 0.5 })],
      },
    },
  };
  const empty = { weightSpecs: [], weightData: new ArrayBuffer(0) };
  const options = (m: tf.LayersModel) => (m.layers.at(-1) as ReturnType<typeof activityL1>).options;
  const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology: topology, ...empty }));
  expect(options(model)).toEqual({ l1: 0.01, l2: 0.5 });
  const ours = tf.sequential({ layers: [activityL2({ strength: 0.25, name: 'small', inputShape: [2] })] });
  const again = await tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology: JSON.parse(ours.toJSON() as string) as object, ...empty }),
  );
  expect(options(again)).toEqual({ l1: 0, l2: 0.25 });
  expect(again.layers.at(-1)!.name).toBe('small');
});

test.each<[() => unknown, string]>([
  [() => activityL1(-1), 'strength'],
  [() => activityL2(Number.NaN), 'strength'],
  [() => activityL2('1' as never), 'strength'],
  [() => activityRegularization({ l3: 1 } as never), 'l3'],
])('bad options %#', (f, option) => {
  try {
    f();
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(OptionError);
    expect((error as OptionError).option).toBe(option);
  }
});
