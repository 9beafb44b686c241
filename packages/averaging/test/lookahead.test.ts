import '@tensorflow/tfjs-backend-cpu';
import { attach } from '@keepprob/core/stock';
import { type FitOptions, fit, memoryStore } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type LookaheadOptions, lookahead } from '../src/index.ts';

beforeAll(() => tf.setBackend('cpu'));

/** J = w² with w = 1 at first: gradient descent at a rate of .1 makes .8 w of w. */
const line = (): tf.Sequential =>
  tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [1], useBias: false, kernelInitializer: 'ones' })],
  });
const weight = (model: tf.LayersModel): number => model.getWeights()[0]?.dataSync()[0] ?? Number.NaN;
const data = () => ({ x: tf.ones([1, 1]), y: tf.zeros([1, 1]) });
const loss = 'meanSquaredError';

/** An epoch is one update. */
async function trained(epochs: number, options?: LookaheadOptions, more: Partial<FitOptions> = {}) {
  const model = line();
  const optimizer = tf.train.sgd(0.1);
  const plugins = [lookahead(options)];
  const run = await fit(model, data(), { loss, optimizer, epochs, seed: 1, progress: false, plugins, ...more });
  return { model, run };
}

describe('by hand, with k = 2 and α = ½', () => {
  // θ 1 → .8 → .64, φ = 1 + ½ (.64 − 1) = .82 → .656 → .5248, φ = .82 + ½ (.5248 − .82) = .6724 → .53792
  test.each([
    [1, 1],
    [2, 0.82],
    [3, 0.82],
    [4, 0.6724],
    [5, 0.6724],
  ])('after %i updates the model has the slow weights: %d', async (epochs, slow) => {
    const { model } = await trained(epochs, { every: 2 });
    expect(weight(model)).toBeCloseTo(slow, 6);
  });

  test('J is that of the fast weights, evaluation that of the slow ones', async () => {
    const { run } = await trained(5, { every: { steps: 2 } }, { validation: data() });
    const squares = (weights: readonly number[]) => weights.map(w => expect.closeTo(w ** 2, 6));
    expect(run.history.loss).toEqual(squares([1, 0.8, 0.82, 0.656, 0.6724]));
    expect(run.history.valLoss).toEqual(squares([1, 0.82, 0.82, 0.6724, 0.6724]));
  });

  test('in stock fit', async () => {
    const model = line();
    const { optimizer, callback } = attach(model, tf.train.sgd(0.1), lookahead({ every: 2, evaluate: false }));
    model.compile({ optimizer, loss });
    const { x, y } = data();
    await model.fit(x, y, { epochs: 5, verbose: 0, callbacks: callback });
    expect(weight(model)).toBeCloseTo(0.6724, 6);
  });
});

test('k = 1 and α = 1 is the optimizer alone', async () => {
  const { model } = await trained(3, { every: 1, stepSize: 1 });
  expect(weight(model)).toBeCloseTo(0.8 ** 3, 6);
});

test.each([1, 2, 3, 5])('interrupted after %i updates and resumed, it is the same run to the bit', async epochs => {
  const whole = await trained(6, { every: 3 }, { validation: data() });
  const checkpoint = { store: memoryStore() };
  await trained(epochs, { every: 3 }, { validation: data(), checkpoint });
  const resumed = await trained(6, { every: 3 }, { validation: data(), checkpoint, resume: true });
  expect(weight(resumed.model)).toBe(weight(whole.model));
  expect(resumed.run.history).toEqual(whole.run.history);
});
