/** What stock TF.js 4.22 gets wrong about weights, asserted, and the same thing right. */

import { OptionError, type TrainingPlugin } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { l2, maxNorm, projectToNorm, weightDecay } from '../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const value = (t: tf.Tensor | tf.Scalar | number[] | number | null | undefined): number =>
  (t as tf.Tensor).dataSync()[0]!;

/** J of one step whose data loss is 0, which is what stock fit returns: the penalty alone. */
async function penaltyOf(model: tf.LayersModel, x: tf.Tensor, plugin: TrainingPlugin): Promise<number> {
  const reg = attach(model, tf.train.sgd(0), plugin);
  model.compile({ optimizer: reg.optimizer, loss: (_, yPred) => tf.mul(tf.sum(yPred), 0) });
  return (await model.trainOnBatch(x, tf.zeros([x.shape[0]!, model.outputs[0]!.shape[1]!]))) as number;
}
const squares = (...tensors: tf.Tensor[]): number => tensors.reduce((sum, t) => sum + value(tf.sum(tf.square(t))), 0);

describe('recurrent cells', () => {
  const lstm = (more = {}) => tf.sequential({ layers: [tf.layers.lstm({ units: 3, inputShape: [4, 2], ...more })] });
  test('stock ignores their regularizers', async () => {
    const model = lstm({ kernelRegularizer: tf.regularizers.l2({ l2: 1 }) });
    model.compile({ optimizer: tf.train.sgd(0), loss: (_, yPred) => tf.mul(tf.sum(yPred), 0) });
    expect(await model.trainOnBatch(tf.ones([2, 4, 2]), tf.zeros([2, 3]))).toBe(0);
  });
  test('l2 penalizes kernel and recurrent kernel', async () => {
    const model = lstm();
    const [kernel, recurrent] = model.getWeights();
    expect(await penaltyOf(model, tf.ones([2, 4, 2]), l2(0.5))).toBeCloseTo(0.5 * squares(kernel!, recurrent!), 5);
  });
});

describe('shared layers', () => {
  const twice = (more = {}) => {
    const shared = tf.layers.dense({ units: 3, useBias: false, ...more });
    const input = tf.input({ shape: [3] });
    return tf.model({ inputs: input, outputs: shared.apply(shared.apply(input)) as tf.SymbolicTensor });
  };
  test('stock counts the penalty once per use', async () => {
    const model = twice({ kernelRegularizer: tf.regularizers.l2({ l2: 1 }) });
    model.compile({ optimizer: tf.train.sgd(0), loss: (_, yPred) => tf.mul(tf.sum(yPred), 0) });
    expect(await model.trainOnBatch(tf.ones([2, 3]), tf.zeros([2, 3]))).toBeCloseTo(
      2 * squares(model.getWeights()[0]!),
      4,
    );
  });
  test('l2 counts it once', async () => {
    const model = twice();
    expect(await penaltyOf(model, tf.ones([2, 3]), l2(1))).toBeCloseTo(squares(model.getWeights()[0]!), 4);
  });
});

describe('frozen layers', () => {
  const half = (more = {}) =>
    tf.sequential({
      layers: [
        tf.layers.dense({ units: 3, inputShape: [3], trainable: false, ...more }),
        tf.layers.dense({ units: 1 }),
      ],
    });
  test('stock penalizes them all the same', async () => {
    const model = half({ kernelRegularizer: tf.regularizers.l2({ l2: 1 }) });
    model.compile({ optimizer: tf.train.sgd(0), loss: (_, yPred) => tf.mul(tf.sum(yPred), 0) });
    expect(await model.trainOnBatch(tf.ones([2, 3]), tf.zeros([2, 1]))).toBeCloseTo(
      squares(model.layers[0]!.getWeights()[0]!),
      4,
    );
  });
  test('l2 leaves them alone, and so do decay and max-norm', async () => {
    const model = half();
    const before = [...model.layers[0]!.getWeights()[0]!.dataSync()];
    expect(await penaltyOf(model, tf.ones([2, 3]), l2(1))).toBeCloseTo(squares(model.layers[1]!.getWeights()[0]!), 4);
    const reg = attach(model, tf.train.sgd(0.1), weightDecay(0.5), maxNorm(0.01));
    model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
    await model.trainOnBatch(tf.ones([2, 3]), tf.zeros([2, 1]));
    expect([...model.layers[0]!.getWeights()[0]!.dataSync()]).toEqual(before);
  });
});

describe('constraints', () => {
  const norm = async (plugin?: TrainingPlugin, more = {}) => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [4], kernelInitializer: 'ones', useBias: false, ...more })],
    });
    const inner = tf.train.sgd(0.1);
    model.compile({ optimizer: plugin ? attach(model, inner, plugin).optimizer : inner, loss: 'meanSquaredError' });
    await model.fit(tf.ones([4, 4]), tf.fill([4, 1], 10), { epochs: 3, verbose: 0 });
    return value(tf.norm(model.getWeights()[0]!));
  };
  test('stock constraints do nothing in fit', async () => {
    expect(
      await norm(undefined, { kernelConstraint: tf.constraints.maxNorm({ maxValue: 0.5, axis: 0 }) }),
    ).toBeGreaterThan(2);
  });
  test('maxNorm holds after every update', async () => expect(await norm(maxNorm(0.5))).toBeCloseTo(0.5, 5));
});

describe('the formulas', () => {
  test('projectToNorm shortens what is too long and leaves the rest exactly alone', () => {
    const w = tf.tensor2d([
      [3, 0.3, 0],
      [4, 0.4, 0],
    ]); // columns of norm 5, .5, 0
    const projected = projectToNorm(w, 1, [0]).arraySync() as number[][];
    expect(projected[0]![0]).toBeCloseTo(0.6, 6);
    expect(projected[1]![0]).toBeCloseTo(0.8, 6);
    expect(projected.map(row => row[2])).toEqual([0, 0]);
    expect(projected.map(row => row[1])).toEqual([Math.fround(0.3), Math.fround(0.4)]);
  });
  test('strengths by layer name; an unknown name is an error that lists the names', async () => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 2, inputShape: [2], name: 'a' }), tf.layers.dense({ units: 1, name: 'b' })],
    });
    expect(await penaltyOf(model, tf.ones([1, 2]), l2({ strength: { b: 3 } }))).toBeCloseTo(
      3 * squares(model.layers[1]!.getWeights()[0]!),
      4,
    );
    await expect(penaltyOf(model, tf.ones([1, 2]), l2({ strength: { c: 3 } }))).rejects.toThrow(/\(a, b\).*"c"/);
  });
  test('where picks the weights: here biases too', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], biasInitializer: 'ones' })] });
    const [kernel, bias] = model.getWeights();
    expect(await penaltyOf(model, tf.ones([1, 2]), l2({ strength: 1, where: () => true }))).toBeCloseTo(
      squares(kernel!, bias!),
      5,
    );
    expect(await penaltyOf(model, tf.ones([1, 2]), l2(1))).toBeCloseTo(squares(kernel!), 5);
  });
});

test.each<[() => unknown, RegExp]>([
  [() => l2(-1), /≥ 0.*Received: -1/],
  [() => l2(Number.NaN), /NaN/],
  [() => l2('1' as never), /expected an object|Received: "1"/],
  [() => l2({} as never), /`strength` is missing/],
  [() => l2({ strength: { a: -1 } }), /`strength`/],
  [() => l2({ strength: 1, wher: 1 } as never), /Did you mean `where`/],
  [() => l2({ strength: 1, where: 'kernel' as never }), /`where`.*a function/],
  [() => weightDecay(-0.1), /≥ 0/],
  [() => weightDecay({ strenght: 1 } as never), /Did you mean `strength`/],
  [() => maxNorm(0), /> 0/],
  [() => maxNorm({} as never), /`maxNorm` is missing/],
])('bad options %#', (f, message) => {
  expect(f).toThrow(OptionError);
  expect(f).toThrow(message);
});
