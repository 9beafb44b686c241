/** Cross-entropy as one operation, and the gradient of softmax, against the operations of TF.js and float64. */
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lossNames } from '../../src/wasm/losses/compile.ts';
import {
  categoricalCrossentropy,
  type Loss,
  sparseCategoricalCrossentropy,
} from '../../src/wasm/losses/crossEntropy.ts';
import { install, uninstall } from '../../src/wasm.ts';
import { onCpu, withEachBuild } from '../support/builds.ts';
import { expectAlike, floats, integers, runs, sizeOf } from '../support/numbers.ts';

/** The function that a model takes for this name before anything is installed. */
function stockLoss(loss: string): Loss {
  const x = tf.input({ shape: [1] });
  const model = tf.model({
    inputs: x,
    outputs: tf.layers.activation({ activation: 'linear' }).apply(x) as tf.SymbolicTensor,
  });
  const optimizer = tf.train.sgd(1);
  model.compile({ optimizer, loss });
  optimizer.dispose();
  return model.lossFunctions[0] as Loss;
}
let stockDense: Loss;
let stockSparse: Loss;
beforeAll(async () => {
  await tf.setBackend('cpu');
  [stockDense, stockSparse] = ['categoricalCrossentropy', 'sparseCategoricalCrossentropy'].map(stockLoss) as [
    Loss,
    Loss,
  ];
});

const shapes = fc
  .array(fc.integer({ min: 1, max: 5 }), { minLength: 0, maxLength: 2 })
  .chain(rows => fc.integer({ min: 2, max: 40 }).map(classes => [...rows, classes]));

/** Probabilities of rows, some of them 0 and 1, not all with a sum of 1. */
const probabilities = (shape: readonly number[], seed: number): Float32Array =>
  floats(sizeOf(shape), seed).map((v, i) => [Math.abs(v), 0, Math.abs(v), 1, 1e-9][(i * 7 + seed) % 5]!);
const targets = (shape: readonly number[], seed: number): Float32Array =>
  floats(sizeOf(shape), seed + 1).map(v => Math.max(0, v));

/** The loss, its gradient by the output, and that gradient's along a direction. */
function read(loss: Loss, target: () => tf.Tensor, shape: readonly number[], seed: number): Float32Array[] {
  return tf.tidy(() => {
    const [t, p] = [target(), tf.tensor(probabilities(shape, seed), [...shape])];
    const value = loss(t, p);
    const dy = tf.tensor(floats(value.size, seed + 2), value.shape);
    const by = (p: tf.Tensor): tf.Tensor => tf.grad(p => tf.sum(tf.mul(loss(t, p), dy)))(p);
    return [value, by(p)].map(t => t.dataSync<'float32'>().slice());
  });
}

withEachBuild(() => {
  test('categorical: value and gradient are those of the operations', () => {
    fc.assert(
      fc.property(shapes, fc.nat(10_000), (shape, seed) => {
        const target = (): tf.Tensor => tf.tensor(targets(shape, seed), [...shape]);
        const ours = read(categoricalCrossentropy(stockDense), target, shape, seed);
        expectAlike(
          ours,
          onCpu(() => read(stockDense, target, shape, seed)),
          2e-5,
        );
      }),
      runs(100),
    );
  });

  test('sparse: value and gradient are those of the operations, for floats, too', () => {
    fc.assert(
      fc.property(shapes, fc.nat(10_000), fc.constantFrom(0, 0.25), (shape, seed, more) => {
        const classes = integers(sizeOf(shape.slice(0, -1)), seed, 0, shape.at(-1)! - 1);
        const target = (): tf.Tensor =>
          tf.tensor(
            classes.map(v => v + more),
            shape.slice(0, -1),
          );
        const ours = read(sparseCategoricalCrossentropy(stockSparse), target, shape, seed);
        expectAlike(
          ours,
          onCpu(() => read(stockSparse, target, shape, seed)),
          2e-5,
        );
      }),
      runs(60),
    );
  });

  test('NaN in a row stays in its row', () => {
    const say = (loss: Loss): number[] =>
      tf.tidy(() => {
        const p = tf.tensor2d([0.5, 0.5, Number.NaN, 0.5, 0.3, 0.7], [3, 2]);
        return [...loss(tf.tensor2d([1, 0, 0, 1, 0, 1], [3, 2]), p).dataSync()];
      });
    const ours = say(categoricalCrossentropy(stockDense));
    expect(ours.map(Number.isNaN)).toEqual([false, true, false]);
    expect(onCpu(() => tf.tensor1d(say(stockDense)).arraySync()).map(Number.isNaN)).toEqual([false, true, false]);
  });

  test('what is covered otherwise is answered by stock', () => {
    const seen: unknown[][] = [];
    const spy: Loss = (...given) => {
      seen.push(given);
      return given[1];
    };
    const [t, p] = [tf.ones([2, 3]), tf.ones([2, 3])];
    const others = [tf.ones([1, 3]), tf.zeros([0, 3]), tf.ones([3], 'int32')];
    categoricalCrossentropy(spy)(t, p, true);
    categoricalCrossentropy(spy)(others[0]!, p);
    categoricalCrossentropy(spy)(others[1]!, others[1]!);
    categoricalCrossentropy(spy)(others[2]!, others[2]!);
    sparseCategoricalCrossentropy(spy)(others[2]!, p);
    expect(seen.length).toBe(5);
    tf.dispose([t, p, ...others]);
  });
});

describe('model.compile', () => {
  let tensors: number;
  beforeAll(async () => {
    await tf.setBackend('wasm');
    tensors = tf.memory().numTensors;
    await install();
  });
  afterAll(async () => {
    uninstall();
    expect(tf.memory().numTensors).toBe(tensors);
    await tf.setBackend('cpu');
  });

  test('a step runs few kernels and learns the same, by whatever way the loss is given', async () => {
    const train = async (loss: string): Promise<{ kernels: string[]; weights: Float32Array[]; history: number[] }> => {
      const layers = [4, 3].map((units, i) =>
        tf.layers.dense({
          units,
          activation: i ? 'softmax' : 'relu',
          ...(i ? {} : { inputShape: [5] }),
          kernelInitializer: tf.initializers.glorotUniform({ seed: 3 + i }),
        }),
      );
      const model = tf.sequential({ layers });
      const optimizer = tf.train.sgd(0.5);
      model.compile({ optimizer, loss, metrics: ['accuracy'] });
      const x = tf.tensor(floats(40, 1), [8, 5]);
      const classes = integers(8, 2, 0, 2);
      const y = loss.startsWith('sparse') ? tf.tensor1d(classes) : tf.oneHot([...classes], 3);
      const history: number[] = [];
      for (let i = 0; i < 10; i++) history.push(...([await model.trainOnBatch(x, y)].flat() as number[]));
      const before = tf.memory().numTensors;
      const { kernels } = await tf.profile(async () => {
        await model.trainOnBatch(x, y);
        return [];
      });
      expect(tf.memory().numTensors).toBe(before);
      const weights = model.getWeights().map(w => w.dataSync<'float32'>().slice());
      model.dispose();
      optimizer.dispose();
      tf.dispose([x, y]);
      return { kernels: kernels.map(({ name }) => name), weights, history };
    };
    for (const loss of lossNames) {
      const ours = await train(loss);
      expect(ours.kernels.filter(name => /CrossEntropy/.test(name)).length).toBe(2);
      uninstall();
      const stock = await train(loss);
      await install();
      expect(ours.kernels.length).toBeLessThan(stock.kernels.length - 12);
      expectAlike(ours.weights, stock.weights);
      expectAlike([Float32Array.from(ours.history)], [Float32Array.from(stock.history)]);
    }
  });

  test('softmax: its gradient is that of the operations', async () => {
    fc.assert(
      fc.property(shapes, fc.nat(10_000), (shape, seed) => {
        const gradient = (): Float32Array =>
          tf.tidy(() => {
            const dy = tf.tensor(floats(sizeOf(shape), seed + 1), [...shape]);
            const x = tf.tensor(floats(sizeOf(shape), seed), [...shape]);
            return tf
              .grad(x => tf.sum(tf.mul(tf.softmax(x), dy)))(x)
              .dataSync<'float32'>()
              .slice();
          });
        const ours = gradient();
        tf.setBackend('cpu');
        const expected = gradient();
        tf.setBackend('wasm');
        expectAlike([ours], [expected], 1e-6);
      }),
      runs(60),
    );
    const ran = tf.profile(() => tf.tidy(() => tf.grad(x => tf.sum(tf.softmax(x)))(tf.ones([2, 3]))));
    const { kernels, result } = await ran;
    expect(kernels.map(({ name }) => name)).toContain('KeepprobSoftmaxGrad');
    tf.dispose(result as tf.Tensor);
  });

  test('the gradient by the target, and second derivatives, are those of the operations', () => {
    const shape = [3, 4];
    const ours = categoricalCrossentropy(stockDense);
    const bySecond = (loss: Loss): Float32Array[] =>
      tf.tidy(() => {
        const t = tf.tensor(targets(shape, 1), shape);
        const p = tf.tensor(
          floats(12, 2).map(v => 0.5 + v / 4),
          shape,
        );
        const along = tf.tensor(floats(12, 3), shape);
        const slope = (p: tf.Tensor): tf.Tensor => tf.sum(tf.mul(tf.grad(p => tf.sum(loss(t, p)))(p), along));
        const byTarget = tf.grad(t => tf.sum(loss(t, p)))(t);
        return [byTarget, tf.grad(slope)(p)].map(g => g.dataSync<'float32'>().slice());
      });
    expectAlike(bySecond(ours), bySecond(stockDense), 1e-4);
  });

  test('one for all outputs, a list, by name; others, and functions, are left alone', async () => {
    const ran = async (loss: unknown): Promise<number> => {
      const x = tf.input({ shape: [4] });
      const head = (name: string): tf.SymbolicTensor =>
        tf.layers.dense({ units: 3, activation: 'softmax', name }).apply(x) as tf.SymbolicTensor;
      const model = tf.model({ inputs: x, outputs: [head('left'), head('right')] });
      const optimizer = tf.train.sgd(0.1);
      model.compile({ optimizer, loss: loss as string });
      const data = [tf.ones([2, 4]), tf.oneHot([1, 2], 3), tf.oneHot([0, 1], 3)] as const;
      const { kernels } = await tf.profile(async () => {
        await model.trainOnBatch(data[0], [data[1], data[2]]);
        return [];
      });
      model.dispose();
      optimizer.dispose();
      tf.dispose([...data]);
      return kernels.filter(({ name }) => /CrossEntropy/.test(name)).length;
    };
    const own = (_: tf.Tensor, p: tf.Tensor): tf.Tensor => tf.sum(p, -1);
    expect(await ran('categoricalCrossentropy')).toBe(4);
    expect(await ran(['categoricalCrossentropy', 'meanSquaredError'])).toBe(2);
    expect(await ran({ left: 'meanSquaredError', right: 'categoricalCrossentropy' })).toBe(2);
    expect(await ran([own, own])).toBe(0);
  });
});
