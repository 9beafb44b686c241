import { PluginError } from '@keepprob/core';
import { dropout } from '@keepprob/dropout';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { directions, jacobian, projectedNorm } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const key = (step: number) => ({ seed: 3, step, site: 65_536, draw: 0 });
const number = (t: tf.Tensor): number => t.dataSync()[0]!;

test('directions: length 1, the shard of a batch has those of its rows', () => {
  const whole = directions([6, 2, 3], key(0), 0);
  for (const length of tf.norm(tf.reshape(whole, [6, 6]), 2, 1).dataSync()) expect(length).toBeCloseTo(1, 6);
  expect([...directions([2, 2, 3], key(0), 3).dataSync()]).toEqual([
    ...tf.slice(whole, [3, 0, 0], [2, 2, 3]).dataSync(),
  ]);
});

test('a linear map x W: the estimate has mean Σ W², within 4 standard errors of 2,000 directions', () => {
  const w = tf.tensor2d([
    [1, -2, 0.5],
    [0.3, 0, 4],
  ]);
  const x = tf.randomNormal([5, 2]);
  const n = 2000;
  const draws = Array.from({ length: n }, (_, i) =>
    number(
      projectedNorm(
        ([t]) => tf.matMul(t as tf.Tensor2D, w),
        [x],
        shape => directions(shape, key(i), 0),
      ),
    ),
  );
  const mean = draws.reduce((a, b) => a + b, 0) / n;
  const deviation = Math.sqrt(draws.reduce((s, d) => s + (d - mean) ** 2, 0) / (n - 1));
  expect(Math.abs(mean - number(tf.sum(tf.square(w))))).toBeLessThan((4 * deviation) / Math.sqrt(n));
});

/** One update of a net whose data loss is 0: what moves, the penalty moved. */
async function push(model: tf.LayersModel, rows: number, plugin = jacobian(0.3)) {
  const shape = model.inputs[0]!.shape.slice(1) as number[];
  return fit(
    model,
    { x: tf.randomNormal([rows, ...shape], 0, 1, 'float32', 5), y: tf.zeros([rows, 1]) },
    {
      loss: (_, p) => tf.mul(p, 0),
      optimizer: tf.train.sgd(0.5),
      progress: false,
      seed: 1,
      plugins: [plugin],
    },
  );
}

test('one output: exact, λ/2 Σ w², and its gradient λ w', async () => {
  const w = [0.4, -1, 2];
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [3], weights: [tf.tensor2d(w, [3, 1]), tf.tensor1d([0])] })],
  });
  const { history } = await push(model, 4);
  expect(history.penalty![0]).toBeCloseTo((0.3 / 2) * (0.16 + 1 + 4), 5);
  for (const [i, v] of model.getWeights()[0]!.dataSync().entries()) expect(v).toBeCloseTo(w[i]! * (1 - 0.5 * 0.3), 5);
});

describe('through a nonlinear net', () => {
  const net = () =>
    tf.sequential({
      layers: [
        tf.layers.dense({
          units: 4,
          activation: 'tanh',
          inputShape: [2],
          kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
        }),
        tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }) }),
      ],
    });
  /** Mean over the rows of Σ (∂f/∂x)² from central differences. */
  const measured = (model: tf.LayersModel, x: number[][]): number => {
    const h = 1e-2;
    const f = (row: number[]): number => number(model.predict(tf.tensor2d([row])) as tf.Tensor);
    const squares = x.map(row =>
      row.reduce((s, v, j) => s + ((f(row.with(j, v + h)) - f(row.with(j, v - h))) / (2 * h)) ** 2, 0),
    );
    return squares.reduce((a, b) => a + b, 0) / x.length;
  };
  test('its value is that of central differences, and the update lowers it', async () => {
    const model = net();
    const x = tf.randomNormal([6, 2], 0, 1, 'float32', 5).arraySync() as number[][];
    const before = measured(model, x);
    const { history } = await push(model, 6);
    expect(history.penalty![0]! / ((0.3 / 2) * before)).toBeCloseTo(1, 2);
    expect(measured(model, x)).toBeLessThan(before);
  });
});

test('works beside dropout, on images without pooling; pooling has no second derivative', async () => {
  const images = (pooling: boolean) =>
    tf.sequential({
      layers: [
        tf.layers.conv2d({ filters: 2, kernelSize: 3, activation: 'relu', inputShape: [6, 6, 1] }),
        ...(pooling ? [tf.layers.maxPooling2d({ poolSize: 2 })] : [dropout({ keepProb: 0.5 })]),
        tf.layers.flatten(),
        tf.layers.dense({ units: 1 }),
      ],
    });
  const { history } = await push(images(false), 3);
  expect(history.penalty![0]).toBeGreaterThan(0);
  await expect(push(images(true), 3)).rejects.toThrow(/jacobian.*MaxPoolGrad.*strides/);
  await expect(push(images(true), 3)).rejects.toThrow(PluginError);
});
