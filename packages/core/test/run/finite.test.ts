import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Moment, Weight } from '../../src/index.ts';
import { PluginError } from '../../src/index.ts';
import { checkFinite, FiniteWatch } from '../../src/run/finite.ts';
import { attach } from '../../src/stock.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const at = { step: 4, epoch: 2 } as Moment;
const step = (cost: number, ...gradients: readonly number[][]) => ({
  cost: tf.scalar(cost),
  gradients: new Map(gradients.map((values, i) => [`${i}-Dense/kernel`, tf.tensor1d(values)])),
});

describe.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%f', bad => {
  test.each<[string, ReturnType<typeof step>, RegExp]>([
    ['as J', step(bad, [1], [2]), new RegExp(`cost J is ${bad} at step 4 \\(epoch 2\\); the weights were not updated`)],
    [
      'in one gradient',
      step(1, [1, 2], [3, bad, 5]),
      /gradient of 1-Dense\/kernel has NaN or Infinity at step 4 \(epoch 2\)/,
    ],
    ['in two that cancel', step(1, [bad], [-bad]), /gradient of 0-Dense\/kernel, 1-Dense\/kernel/],
    [
      'in five',
      step(1, [bad], [bad], [bad], [bad], [bad]),
      /0-Dense\/kernel, 1-Dense\/kernel, 2-Dense\/kernel and 2 more/,
    ],
  ])('%s', async (_, given, message) => {
    const before = tf.memory().numTensors;
    await expect(checkFinite(given, at)).rejects.toThrow(message);
    expect(() => new FiniteWatch().check(given, at)).toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a gradient that is not finite says what to do about it', () => {
  const weightsOf = (...values: readonly number[][]): Weight[] =>
    values.map((numbers, i) => ({ path: `${i}-Dense/kernel`, variable: tf.variable(tf.tensor1d(numbers)) }) as Weight);
  const root = /Infinity at step 4 \(epoch 2\), although J is finite; .*√0, log 0 and 0 \/ 0 .*tf\.add\(x, 1e-7\)\)\.$/;

  test.each<[string, number[][], number[][], RegExp]>([
    ['nothing is large: a root or a logarithm of 0', [[Number.NaN]], [[1e4]], root],
    ['what is not trained may be large', [[Number.NaN]], [[1], [1e12]], root],
    [
      'a weight has grown',
      [[Number.NaN], [2]],
      [[1, -3.4e13], [2e12]],
      /Numbers have grown too large \(a weight of 0-Dense\/kernel is 3\.4e\+13\): the learning rate is probably too high\. Lower/,
    ],
    [
      'other numbers of the gradient have',
      [
        [Number.NaN, 1, Infinity],
        [-2e30, 7],
      ],
      [[1], [2]],
      /Numbers have grown too large \(a number of the gradient of 1-Dense\/kernel is 2\.0e\+30\): the learning rate/,
    ],
  ])('%s', async (_, gradients, weights, message) => {
    const [given, all] = [step(1, ...gradients), weightsOf(...weights)];
    const before = tf.memory().numTensors;
    await expect(checkFinite(given, at, all)).rejects.toThrow(message);
    expect(() => new FiniteWatch().check(given, at, all)).toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(all.map(({ variable }) => variable));
  });
});

test('large, small and no numbers are finite', async () => {
  for (const given of [step(1e38, [3e38, -3e38]), step(0, [1e-38]), step(1, []), step(-1), { gradients: new Map() }]) {
    await checkFinite(given, at);
    new FiniteWatch().check(given, at);
  }
});

describe('in stock fit', () => {
  /** √ of an error that is 0: J is 0, its gradient 1 / 0 · 0. */
  const rmse = (y: tf.Tensor, p: tf.Tensor): tf.Tensor => tf.sqrt(tf.mean(tf.squaredDifference(y, p), -1));
  const net = () =>
    tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'zeros' })] });
  const fitted = async (loss: typeof rmse, more: object = {}) => {
    const model = net();
    model.compile({ optimizer: attach(model, tf.train.sgd(0.1)).optimizer, loss });
    const error: unknown = await model
      .fit(tf.ones([4, 2]), tf.zeros([4, 1]), { verbose: 0, ...more })
      .catch((e: unknown) => e);
    return { error, weights: model.getWeights().flatMap(w => [...w.dataSync()]) };
  };

  test.each<[string, typeof rmse]>([
    ['a gradient', rmse],
    ['J', (_, p) => tf.div(tf.sum(p), 0)],
  ])('%s that is none ends training before the update', async (_, loss) => {
    const { error, weights } = await fitted(loss);
    expect(error).toBeInstanceOf(PluginError);
    expect(weights).toEqual([0, 0, 0]);
  });

  test('the same loss kept away from 0 trains', async () => {
    const { error } = await fitted((y, p) => tf.sqrt(tf.add(tf.mean(tf.squaredDifference(y, p), -1), 1e-7)));
    expect(error).not.toBeInstanceOf(Error);
  });
});
