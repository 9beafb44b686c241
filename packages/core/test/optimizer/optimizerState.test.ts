/** An optimizer saved after some updates and restored in front of a model built anew goes on as if nothing had happened. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { openRun, optimizerState, restoreOptimizer } from '../../src/driver.ts';
import { PluginError, weightsOf } from '../../src/index.ts';

const build = (): tf.LayersModel =>
  tf.sequential({
    layers: [5, 4, 2].map((units, i) =>
      tf.layers.dense({
        units,
        ...(i === 0 && { inputShape: [3] }),
        activation: 'tanh',
        kernelInitializer: tf.initializers.glorotNormal({ seed: 3 + i }),
      }),
    ),
  });

const optimizers: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.05, 0.9),
  nesterov: () => tf.train.momentum(0.05, 0.9, true),
  adam: () => tf.train.adam(0.01),
  'adam with its own β': () => tf.train.adam(0.02, 0.8, 0.9),
  adamax: () => tf.train.adamax(0.01, 0.9, 0.999, 1e-8, 0.1),
  adagrad: () => tf.train.adagrad(0.05),
  adadelta: () => tf.train.adadelta(0.5),
  rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0.5),
  // TF.js subtracts ε where it should be added: a larger one makes the root of a negative number
  'rmsprop, centered': () => tf.train.rmsprop(0.001, 0.9, 0.5, 1e-14, true),
};

/** Updates from `from` on, each with data of its own; the first layer is frozen in some of them. */
function train(model: tf.LayersModel, optimizer: tf.Optimizer, from: number, to: number, freeze: boolean): void {
  const run = openRun(model, [], { host: 'fit', optimizer, seed: 1, epoch: () => 0 });
  for (let step = from; step < to; step++) {
    model.layers[0]!.trainable = !(freeze && step % 4 < 2);
    const trained = new Set(model.trainableWeights.map(w => w.read()));
    const variables = run.weights.map(w => w.variable).filter(v => trained.has(v));
    const at = run.moment('train', { step });
    tf.tidy(() => {
      const x = tf.randomNormal([6, 3], 0, 1, 'float32', 100 + step);
      const J = (): tf.Tensor => tf.mean(tf.square(tf.sub(model.apply(x) as tf.Tensor, 0.5)));
      run.update(run.gradients(J, variables, at), at);
    });
  }
  run.dispose();
}
const numbers = (model: tf.LayersModel): number[] => weightsOf(model).flatMap(w => [...w.variable.dataSync()]);

/** Weights and state copied by value, as through a file. */
function copy(from: tf.LayersModel, optimizer: tf.Optimizer, to: tf.LayersModel, into: tf.Optimizer): void {
  const state = optimizerState(optimizer, weightsOf(from));
  const tensors = Object.fromEntries(
    Object.entries(state.tensors).map(([name, t]) => [name, tf.tensor(t.dataSync().slice(), t.shape, t.dtype)]),
  );
  const targets = weightsOf(to);
  weightsOf(from).forEach(({ variable }, i) => {
    tf.tidy(() => targets[i]!.variable.assign(tf.tensor(variable.dataSync().slice(), variable.shape)));
  });
  restoreOptimizer(into, { tensors, values: JSON.parse(JSON.stringify(state.values)) }, weightsOf(to));
  tf.dispose([...Object.values(tensors), ...Object.values(state.tensors)]);
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test.each(Object.entries(optimizers))('%s: 7 + 7 updates are 14, bit for bit', (_, make) => {
  for (const freeze of [false, true]) {
    const [whole, first, second] = [build(), build(), build()];
    const [a, b, c] = [make(), make(), make()];
    train(whole, a, 0, 14, freeze);
    train(first, b, 0, 7, freeze);
    // what the optimizer did before is forgotten; it met the layers in another order
    train(second, c, 0, 5, true);
    copy(first, b, second, c);
    expect(numbers(second)).toEqual(numbers(first));
    train(second, c, 7, 14, freeze);
    expect(numbers(second)).toEqual(numbers(whole));
    expect(numbers(second)).not.toEqual(numbers(first));
    expect(numbers(whole).every(Number.isFinite)).toBe(true);
    expect(c.iterations).toBe(14);
  }
});

test('a state brings the learning rate, and TF.js’ own names of slots', async () => {
  const [model, other] = [build(), build()];
  const [optimizer, fresh] = [tf.train.adam(0.01), tf.train.adam(0.5)];
  train(model, optimizer, 0, 2, false);
  copy(model, optimizer, other, fresh);
  train(other, fresh, 2, 3, false);
  train(model, optimizer, 2, 3, false);
  expect(numbers(other)).toEqual(numbers(model));
  const kinds = async (o: tf.Optimizer) => (await o.getWeights()).map(w => w.name.split('/').at(-1));
  expect(await kinds(fresh)).toEqual(await kinds(optimizer));
});

test('a state is refused by another optimizer or model before anything changes', () => {
  const model = build();
  const adam = tf.train.adam(0.01);
  train(model, adam, 0, 2, false);
  const state = optimizerState(adam, weightsOf(model));
  const momentum = tf.train.momentum(0.1, 0.9);
  train(model, momentum, 0, 1, false);
  const before = optimizerState(momentum, weightsOf(model));
  expect(() => restoreOptimizer(momentum, state, weightsOf(model))).toThrow(/Momentum.*has no place/);
  const smaller = tf.sequential({ layers: [tf.layers.dense({ units: 5, inputShape: [2] })] });
  expect(() => restoreOptimizer(adam, state, weightsOf(smaller))).toThrow(PluginError);
  const after = optimizerState(momentum, weightsOf(model));
  expect(Object.keys(after.tensors)).toEqual(Object.keys(before.tensors));
  expect(after.values).toEqual(before.values);
});

test('a state saved and restored over and over leaves no tensor behind', () => {
  const [model, other] = [build(), build()];
  const [optimizer, fresh] = [tf.train.adam(0.01), tf.train.adam(0.01)];
  train(model, optimizer, 0, 2, false);
  copy(model, optimizer, other, fresh);
  const count = tf.memory().numTensors;
  for (let i = 0; i < 3; i++) {
    const state = optimizerState(optimizer, weightsOf(model));
    restoreOptimizer(fresh, state, weightsOf(other));
    tf.dispose(Object.values(state.tensors));
  }
  expect(tf.memory().numTensors).toBe(count);
});
