import { OptionError, weightsOf } from '@keepprob/core';
import { optimizerState, restoreOptimizer } from '@keepprob/core/driver';
import { attach } from '@keepprob/core/stock';
import { weightDecay } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { AmsgradOptimizer } from '../src/amsgradOptimizer.ts';
import { type AmsgradOptions, amsgrad } from '../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** PyTorch's `Adam(amsgrad=True)`, and `AdamW` where there is decay, of one weight in float64: its value after each of the gradients. */
function reference(
  w: number,
  gradients: readonly number[],
  { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, decay = 0, maximum = true },
): number[] {
  let [m, v, largest] = [0, 0, 0];
  return gradients.map((g, i) => {
    w *= 1 - learningRate * decay;
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    largest = maximum ? Math.max(largest, v) : v;
    const [bias1, bias2] = [1 - beta1 ** (i + 1), 1 - beta2 ** (i + 1)];
    w -= ((learningRate / bias1) * m) / (Math.sqrt(largest) / Math.sqrt(bias2) + epsilon);
    return w;
  });
}

/** Weights whose gradients are what is given for each step: J = Σ g w. Their values after each step. */
function trainedAll(
  weights: readonly number[],
  options: AmsgradOptions,
  steps: readonly (readonly number[])[],
  ...plugins: Parameters<typeof attach>[2][]
): number[][] {
  const units = weights.length;
  const model = tf.sequential({
    layers: [tf.layers.dense({ units, inputShape: [1], useBias: false, weights: [tf.tensor2d([[...weights]])] })],
  });
  const optimizer = amsgrad(options);
  const reg = attach(model, optimizer, ...plugins);
  const values = steps.map(gradients => {
    tf.tidy(() => {
      reg.optimizer.minimize(() =>
        tf.sum(tf.mul(model.apply(tf.ones([1, 1])) as tf.Tensor, tf.tensor2d([[...gradients]]))),
      );
    });
    return [...(model.getWeights()[0]?.dataSync() ?? [])];
  });
  reg.dispose();
  optimizer.dispose();
  model.dispose();
  return values;
}
/** One of them. */
const trained = (
  w: number,
  options: AmsgradOptions,
  gradients: readonly number[],
  ...plugins: Parameters<typeof attach>[2][]
) =>
  trainedAll(
    [w],
    options,
    gradients.map(g => [g]),
    ...plugins,
  ).map(([value]) => value);
const near = (values: readonly number[], digits = 4) => values.map(v => expect.closeTo(v, digits));
/** Large gradients, then small ones, which is where v falls and the largest v does not. */
const falling = [3, -2, 4, 0.1, 0.1, 0.05, -0.1, 0.1, 0.1, 0.1];

describe('the update', () => {
  test('is that of PyTorch, which is not that of Adam', () => {
    const options = { learningRate: 0.1, beta1: 0.5, beta2: 0.6, epsilon: 1e-3 };
    const expected = reference(1, falling, options);
    expect(trained(1, options, falling)).toEqual(near(expected));
    const adam = reference(1, falling, { ...options, maximum: false });
    expect(Math.abs((adam.at(-1) ?? 0) - (expected.at(-1) ?? 0))).toBeGreaterThan(0.05);
  });
  test('with its defaults, and with decoupled decay', () => {
    expect(trained(1, {}, falling)).toEqual(near(reference(1, falling, {}), 6));
    const decayed = reference(1, falling, { learningRate: 0.1, decay: 0.5 });
    expect(trained(1, { learningRate: 0.1 }, falling, weightDecay(0.5))).toEqual(near(decayed));
  });
  test('whatever the gradients and settings', () => {
    const gradient = fc.double({ min: -10, max: 10, noNaN: true }).filter(g => g === 0 || Math.abs(g) > 1e-3);
    const beta = fc.double({ min: 0, max: 0.99, noNaN: true });
    const ofWeights = fc.array(gradient, { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(fc.array(ofWeights, { minLength: 1, maxLength: 8 }), beta, beta, (steps, beta1, beta2) => {
        const options = { learningRate: 0.1, beta1, beta2, epsilon: 1e-3 };
        const values = trainedAll(Array(16).fill(0), options, steps);
        for (let i = 0; i < 16; i++) {
          const gradients = steps.map(step => Math.fround(step[i] ?? 0));
          expect(values.map(step => step[i])).toEqual(near(reference(0, gradients, options), 3));
        }
      }),
      { numRuns: 8 },
    );
  });
  test('on wasm', async () => {
    await tf.setBackend('wasm');
    const options = { learningRate: 0.1, beta1: 0.5, beta2: 0.6, epsilon: 1e-3 };
    expect(trained(1, options, falling)).toEqual(near(reference(1, falling, options)));
    await tf.setBackend('cpu');
  });
});

const data = () => ({ x: tf.randomNormal([8, 3], 0, 1, 'float32', 1), y: tf.randomNormal([8, 1], 0, 1, 'float32', 2) });
const net = () =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, inputShape: [3], kernelInitializer: tf.initializers.glorotUniform({ seed: 3 }) }),
      tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotUniform({ seed: 4 }) }),
    ],
  });
const numbers = (model: tf.LayersModel) => model.getWeights().flatMap(w => [...w.dataSync()]);
const fitted = async (model: tf.LayersModel, optimizer: tf.Optimizer, epochs: number) => {
  const { x, y } = data();
  model.compile({ optimizer, loss: 'meanSquaredError' });
  await model.fit(x, y, { epochs, batchSize: 4, shuffle: false, verbose: 0 });
  tf.dispose([x, y]);
  return numbers(model);
};

describe('what it remembers', () => {
  test('goes into a state and comes back, to the bit', async () => {
    const [whole, first] = [net(), net()];
    const expected = await fitted(whole, amsgrad({ learningRate: 0.1 }), 6);
    const [before, after] = [new AmsgradOptimizer({ learningRate: 0.1 }), new AmsgradOptimizer({ learningRate: 0.1 })];
    await fitted(first, before, 3);
    const state = optimizerState(before, weightsOf(first));
    restoreOptimizer(after, state, weightsOf(first));
    tf.dispose(Object.values(state.tensors));
    expect(after.accumulatedMaximum).toHaveLength(4);
    expect(await fitted(first, after, 3)).toEqual(expected);
  });
  test('is saved and loaded with a model', async () => {
    const model = net();
    await fitted(model, amsgrad({ learningRate: 0.1, beta2: 0.9 }), 3);
    let saved: tf.io.ModelArtifacts | undefined;
    const handler = tf.io.withSaveHandler(async artifacts => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    });
    await model.save(handler, { includeOptimizer: true });
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved ?? {}));
    expect(loaded.optimizer).toBeInstanceOf(AmsgradOptimizer);
    expect(loaded.optimizer.getConfig()).toMatchObject({ learningRate: 0.1, beta2: 0.9 });
    const [on, again] = [await fitted(model, model.optimizer, 2), await fitted(loaded, loaded.optimizer, 2)];
    // TF.js computes the powers of β anew
    expect(again).toEqual(on.map(v => expect.closeTo(v, 5)));
  });
  test('stays with its weight where another is frozen, and with none where it is let go of', async () => {
    const before = tf.memory().numTensors;
    const model = net();
    const optimizer = new AmsgradOptimizer({ learningRate: 0.1 });
    const reg = attach(model, optimizer);
    await fitted(model, reg.optimizer, 1);
    const kept = optimizer.accumulatedMaximum[2]?.variable.dataSync();
    const [first] = model.layers;
    if (first) first.trainable = false;
    const frozen = first?.getWeights().map(w => [...w.dataSync()]);
    const { x, y } = data();
    model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
    await model.fit(x, y, { epochs: 1, verbose: 0 });
    tf.dispose([x, y]);
    expect(first?.getWeights().map(w => [...w.dataSync()])).toEqual(frozen);
    expect(optimizer.accumulatedMaximum).toHaveLength(4);
    const now = optimizer.accumulatedMaximum[2]?.variable.dataSync() ?? [];
    expect([...now].every((v, i) => v >= (kept?.[i] ?? Infinity))).toBe(true);
    reg.dispose();
    optimizer.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

test.each<[keyof AmsgradOptions, number]>([
  ['learningRate', 0],
  ['beta1', 1],
  ['beta2', -0.1],
  ['epsilon', 0],
])('refuses %s: %f', (option, value) => {
  const before = tf.memory().numTensors;
  expect(() => amsgrad({ [option]: value })).toThrow(OptionError);
  expect(() => amsgrad({ [option]: value })).toThrow(expect.objectContaining({ option }));
  expect(tf.memory().numTensors).toBe(before);
});
