/** Fused updates against the optimizers' own operations, on data that somebody else holds, and across install and uninstall. */
import {
  ADAM_KERNEL,
  FINITE_KERNEL,
  L2_KERNEL,
  MOMENTUM_KERNEL,
  runExtraKernel,
  SGD_KERNEL,
} from '@keepprob/core/kernels';
import { attach } from '@keepprob/core/stock';
import { l2, maxNorm, projectToNorm, weightDecay } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { install, uninstall } from '../src/wasm.ts';

beforeEach(async () => {
  await tf.setBackend('wasm');
});
afterEach(() => uninstall());

const build = (): tf.LayersModel =>
  tf.sequential({
    layers: [
      tf.layers.dense({
        units: 17,
        activation: 'tanh',
        inputShape: [9],
        kernelInitializer: tf.initializers.glorotNormal({ seed: 3 }),
      }),
      tf.layers.dense({ units: 3, kernelInitializer: tf.initializers.glorotNormal({ seed: 4 }) }),
    ],
  });
const x = (): tf.Tensor => tf.randomNormal([8, 9], 0, 1, 'float32', 1);
const y = (): tf.Tensor => tf.randomNormal([8, 3], 0, 1, 'float32', 2);
const values = (model: tf.LayersModel): number[] => model.getWeights().flatMap(w => [...w.dataSync()]);

const optimizers: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.05, 0.9),
  nesterov: () => tf.train.momentum(0.05, 0.9, true),
  adam: () => tf.train.adam(0.01),
  'adam with its own β and ε': () => tf.train.adam(0.02, 0.8, 0.9, 1e-3),
  rmsprop: () => tf.train.rmsprop(0.01),
};
const plugins = {
  none: [],
  l2: [l2(0.03)],
  weightDecay: [weightDecay(0.2)],
  'l2, weightDecay, max-norm': [l2(0.03), weightDecay(0.2), maxNorm(0.8)],
};

/** Weights and losses of some steps; `kernels(step)` says whether they are installed then. */
async function train(
  make: () => tf.Optimizer,
  list: (typeof plugins)[keyof typeof plugins],
  kernels: (step: number) => boolean,
) {
  const model = build();
  const optimizer = make();
  const reg = attach(model, optimizer, ...list);
  model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
  const [data, target] = [x(), y()];
  const losses: number[] = [];
  for (let step = 0; step < 6; step++) {
    if (kernels(step)) expect((await install()).installed).toBe(true);
    else uninstall();
    losses.push((await model.trainOnBatch(data, target)) as number);
  }
  const result = { losses, weights: values(model), iterations: optimizer.iterations };
  uninstall();
  reg.dispose();
  optimizer.dispose();
  model.dispose();
  tf.dispose([data, target]);
  return result;
}
const close = (a: number[], b: number[]): void => {
  expect(a).toHaveLength(b.length);
  for (const [i, v] of a.entries()) expect(Math.abs(v - b[i]!)).toBeLessThanOrEqual(2e-6 + 2e-5 * Math.abs(b[i]!));
};

describe.each(Object.entries(optimizers))('%s', (_, make) => {
  test.each(Object.entries(plugins))('with %s takes the steps that its own operations take', async (_, list) => {
    const stock = await train(make, list, () => false);
    const fused = await train(make, list, () => true);
    close(fused.losses, stock.losses);
    close(fused.weights, stock.weights);
    expect(fused.iterations).toBe(stock.iterations);
    // the plugins do something, so that the comparison can fail
    if (list.length) expect(fused.weights).not.toEqual((await train(make, [], () => true)).weights);
  });
  test('kernels may come and go in mid-run: slots and powers of β are where the optimizer keeps them', async () => {
    const stock = await train(make, plugins.l2, () => false);
    const mixed = await train(make, plugins.l2, step => step % 3 !== 1);
    close(mixed.weights, stock.weights);
    const slots = await (async () => {
      const optimizer = make();
      const model = build();
      const reg = attach(model, optimizer);
      model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
      await install();
      await model.trainOnBatch(x(), y());
      return (await optimizer.getWeights()).map(({ name, tensor }) => [name.replace(/_\w+/g, ''), tensor.shape]);
    })();
    expect(slots.every(([name, shape]) => name && shape)).toBe(true);
  });
});

describe('an update in place', () => {
  const step = async (model: tf.LayersModel): Promise<void> => {
    const reg = attach(model, tf.train.sgd(0.5));
    model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
    await model.trainOnBatch(x(), y());
  };
  test('leaves a clone that was taken before as it was', async () => {
    await install();
    const model = build();
    const before = values(model);
    const clones = model.getWeights().map(w => w.clone());
    await step(model);
    expect(clones.flatMap(c => [...c.dataSync()])).toEqual(before);
    expect(values(model)).not.toEqual(before);
  });
  test('writes where the weight was, when nobody else holds its data', async () => {
    await install();
    const model = build();
    await step(model);
    const data = (): object[] => model.weights.map(w => (w as unknown as { val: tf.Variable }).val.dataId);
    const before = data();
    await step(model);
    expect(data()).toEqual(before);
    for (const [i, id] of before.entries()) expect(data()[i]).toBe(id);
  });
  test('is seen by stock kernels that keep packed weights', async () => {
    await install();
    const model = build();
    const one = tf.randomNormal([1, 9], 0, 1, 'float32', 5);
    const predict = (): number[] => [...(model.predict(one) as tf.Tensor).dataSync()];
    uninstall();
    predict();
    predict();
    await install();
    await step(model);
    uninstall();
    const packed = predict();
    await install();
    close(packed, predict());
    const weights = model.getWeights();
    const expected = tf.add(
      tf.matMul(
        tf.tanh(tf.add(tf.matMul(one as tf.Tensor2D, weights[0] as tf.Tensor2D), weights[1]!)) as tf.Tensor2D,
        weights[2] as tf.Tensor2D,
      ),
      weights[3]!,
    );
    close(packed, [...expected.dataSync()]);
  });
  test('keeps no tensor, over 100 steps', async () => {
    await install();
    const model = build();
    const reg = attach(model, tf.train.adam(0.01), l2(1e-3), maxNorm(2));
    model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
    const [data, target] = [x(), y()];
    for (let i = 0; i < 3; i++) await model.trainOnBatch(data, target);
    const before = tf.memory();
    for (let i = 0; i < 100; i++) await model.trainOnBatch(data, target);
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numBytes).toBe(before.numBytes);
  });
});

test('max-norm: the kernel projects as the operations do, inside, outside, and columns of zeros', async () => {
  const w = tf.tensor2d([3, 0.3, 0, 1e-3, 4, 0.4, 0, 1e-3], [2, 4]);
  const expected = projectToNorm(w, 1, [0]).arraySync();
  await install();
  const projected = projectToNorm(w, 1, [0]);
  close((projected.arraySync() as number[][]).flat(), (expected as number[][]).flat());
  // exactly itself inside the ball
  expect((projected.arraySync() as number[][]).map(row => row.slice(1))).toEqual(
    (w.arraySync() as number[][]).map(row => row.slice(1)),
  );
});

/** Names of the slots, and what the kernel wants to know. */
const kernels = {
  [SGD_KERNEL]: { slots: [], attrs: {} },
  [MOMENTUM_KERNEL]: { slots: ['v'], attrs: { mu: 0.9, nesterov: false } },
  [ADAM_KERNEL]: {
    slots: ['m', 'v'],
    attrs: { beta1: 0.9, beta2: 0.999, correction1: 0.1, correction2: 0.001, epsilon: 1e-7 },
  },
};

test.each(Object.entries(kernels))(
  '%s leaves the very sum of squares that a run resumed after it adds up',
  async (name, kernel) => {
    await install();
    for (const n of [1, 3, 4, 7, 4095, 4096, 4097, 12_345]) {
      tf.tidy(() => {
        const normal = (seed: number): tf.Tensor => tf.randomNormal([n], 0, 1, 'float32', seed);
        const slots = Object.fromEntries(kernel.slots.map((slot, i) => [slot, tf.abs(normal(3 + i))]));
        const attrs = { ...kernel.attrs, rate: 0.1, l2: 0.01, keep: 1 };
        const [w] = runExtraKernel<tf.Tensor[]>(name, { w: normal(1), g: normal(2), ...slots }, attrs)!;
        const sum = (t: tf.Tensor): number => runExtraKernel(L2_KERNEL, { w0: t }, { lambdas: [1] })!.dataSync()[0]!;
        expect(sum(w!)).toBe(sum(tf.tensor1d(w!.dataSync())));
      });
    }
  },
);

describe('numbers that are not finite are found wherever they are', () => {
  const found = (...tensors: readonly tf.Tensor[]): boolean => {
    const inputs = Object.fromEntries(tensors.map((tensor, i) => [`t${i}`, tensor]));
    const sum = runExtraKernel<tf.Scalar>(FINITE_KERNEL, inputs, {});
    if (!sum) throw new Error('the kernel did not run');
    return !Number.isFinite(sum.dataSync()[0]);
  };

  test.each([1, 3, 4, 5, 17, 64])('in %i numbers', async n => {
    await install();
    const values = Float32Array.from({ length: n }, (_, i) => (i % 2 ? -3e38 : 3e38));
    expect(found(tf.tensor1d(values))).toBe(false);
    expect(found(tf.tensor1d(values), tf.scalar(1))).toBe(false);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (let at = 0; at < n; at++) {
        const spoilt = tf.tensor1d(values.map((v, i) => (i === at ? bad : v)));
        expect(found(spoilt)).toBe(true);
        expect(found(tf.scalar(1), spoilt)).toBe(true);
        expect(found(spoilt, tf.neg(spoilt))).toBe(true);
      }
    }
  });

  test('no numbers at all', async () => {
    await install();
    expect(found(tf.tensor1d([]), tf.scalar(0))).toBe(false);
  });
});
