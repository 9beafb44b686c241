/** Models of every shape train as in stock TF.js, and go on to the bit. */
import { definePlugin, type Hooks } from '@keepprob/core';
import { outputNames } from '@keepprob/core/driver';
import { attach } from '@keepprob/core/stock';
import { l2 } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { build, generated, isTied, isTrainable } from '../../../core/test/support/generatedNets.ts';
import { type FitOptions, fit, memoryStore } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const trainable = generated.filter(isTrainable);
/** Whether a trained weight has a say in an output: TF.js refuses to train a model in which none has. */
const isAnyTrained = (model: tf.LayersModel): boolean =>
  tf.tidy(() => {
    const sum = () =>
      [model.apply(tf.ones([2, 3])) as tf.Tensor | tf.Tensor[]]
        .flat()
        .map(output => tf.sum(output))
        .reduce((a, b) => tf.add(a, b)) as tf.Scalar;
    try {
      tf.variableGrads(
        sum,
        model.trainableWeights.map(weight => weight.read() as tf.Variable),
      );
      return true;
    } catch {
      return false;
    }
  });
const numbers = (model: tf.LayersModel): number[] => model.getWeights().flatMap(w => [...w.dataSync()]);
const sgd = (): tf.Optimizer => tf.train.sgd(1e-4);
const loss = 'meanSquaredError';
const quiet = { loss, progress: false } as const;

/** Rows, and labels for every output: no two of them alike. */
function dataOf(model: tf.LayersModel): { x: tf.Tensor; y: tf.Tensor[] } {
  const x = tf.randomUniform([4, 3], 0, 1, 'float32', 1);
  return { x, y: model.outputs.map(({ shape }, i) => tf.fill([4, ...(shape as number[]).slice(1)], i)) };
}

test('a step of fit is a step of stock fit', async () => {
  await fc.assert(
    // tied weights: below
    fc.asyncProperty(
      trainable.filter(description => !isTied(description)),
      async description => {
        const [ours, stock] = [build(description), build(description)];
        if (!isAnyTrained(stock)) return;
        const { x, y } = dataOf(stock);
        stock.compile({ optimizer: sgd(), loss });
        await stock.fit(x, y, { verbose: 0, shuffle: false, batchSize: 4 });
        await fit(ours, { x, y }, { ...quiet, optimizer: sgd(), trainEvaluation: false });
        const wanted = numbers(stock);
        const found = numbers(ours);
        expect(found).toHaveLength(wanted.length);
        for (const [i, w] of wanted.entries()) expect(Math.abs(found[i]! - w)).toBeLessThan(1e-4 * (1 + Math.abs(w)));
      },
    ),
    { numRuns: 25 },
  );
});

test('what is resumed ends with the same weights and history as what was never interrupted', async () => {
  const options = (more: Partial<FitOptions>): FitOptions => ({
    ...quiet,
    optimizer: tf.train.adam(1e-3),
    batchSize: 2,
    seed: 3,
    plugins: [l2(1e-3)],
    ...more,
  });
  await fc.assert(
    fc.asyncProperty(trainable, async description => {
      const [whole, parts] = [build(description), build(description)];
      if (!isAnyTrained(whole)) return;
      const data = dataOf(whole);
      const run = await fit(whole, data, options({ epochs: 2 }));
      const store = memoryStore();
      await fit(parts, data, options({ epochs: 1, checkpoint: { store } }));
      const again = build(description);
      const resumed = await fit(again, data, options({ epochs: 2, checkpoint: { store }, resume: true }));
      expect(numbers(again)).toEqual(numbers(whole));
      // logs of outputs have TF.js' names, which count up
      expect(Object.values(resumed.history)).toEqual(Object.values(run.history));
    }),
    { numRuns: 12 },
  );
});

describe('several outputs of one layer', () => {
  /** One dense layer on two inputs, kernel of ones: its outputs are the inputs. */
  const siamese = (): tf.LayersModel => {
    const shared = tf.layers.dense({ units: 1, useBias: false, kernelInitializer: 'ones', name: 'shared' });
    const inputs = ['a', 'b'].map(name => tf.input({ shape: [1], name }));
    return tf.model({ inputs, outputs: inputs.map(input => shared.apply(input) as tf.SymbolicTensor) });
  };
  const x = () => [tf.ones([4, 1]), tf.fill([4, 1], 2)];
  const y = () => [tf.fill([4, 1], 1), tf.fill([4, 1], 5)];
  const options = { ...quiet, optimizer: tf.train.sgd(0) };

  test('each has labels, a loss and metrics of its own, by its name', async () => {
    const model = siamese();
    expect(outputNames(model)).toEqual(['shared', 'shared_1']);
    const [first, second] = y();
    const { history } = await fit(
      model,
      {
        x: x(),
        y: { shared: first!, shared_1: second! },
        sampleWeight: { shared: tf.ones([4]), shared_1: tf.fill([4], 2) },
      },
      {
        ...options,
        lossWeights: { shared_1: 3 },
        loss: { shared: loss, shared_1: 'meanAbsoluteError' },
        metrics: ['mse'],
      },
    );
    // errors 0 and 3, weighed by 2 in each row
    expect(history).toMatchObject({ sharedLoss: [0], shared_1Loss: [6], loss: [18], sharedMse: [0], shared1Mse: [9] });
  });

  test('nothing leaks', async () => {
    const model = siamese();
    const data = { x: x(), y: y() };
    await fit(model, data, options);
    const before = tf.memory().numTensors;
    await fit(model, data, options);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('in stock fit a plugin sees both, and so does the loss', async () => {
    const model = siamese();
    const seen: string[][] = [];
    const watch = definePlugin<object>({
      name: 'watch',
      options: {},
      setup: (): Hooks => ({
        batch(batch) {
          seen.push(Object.keys(batch.y));
          return { ...batch, y: { ...batch.y, shared_1: tf.zerosLike(batch.y.shared_1!) } };
        },
      }),
    });
    const reg = attach(model, tf.train.sgd(0), watch());
    model.compile({ optimizer: reg.optimizer, loss });
    const batches = tf.data.array([{ xs: x(), ys: y() }] as never) as unknown as Parameters<typeof reg.dataset>[0];
    const { history } = await model.fitDataset(reg.dataset(batches) as never, { epochs: 1, verbose: 0 });
    expect(seen).toEqual([['shared', 'shared_1']]);
    // (1 − 1)² + (2 − 0)²
    expect(history.loss).toEqual([4]);
  });
});

describe('a tied weight is updated once', () => {
  /** Kernel of ones, and the same kernel transposed. */
  const tied = (): tf.LayersModel => {
    const input = tf.input({ shape: [2] });
    const dense = tf.layers.dense({ units: 2, useBias: false, kernelInitializer: 'ones' });
    class Transposed extends tf.layers.Layer {
      static readonly className = 'TestShapeTransposed';
      override call(given: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return tf.tidy(() => tf.matMul([given].flat()[0]!, dense.weights[0]!.read(), false, true));
      }
      override get trainableWeights(): tf.layers.Layer['trainableWeights'] {
        return dense.trainableWeights;
      }
    }
    return tf.model({
      inputs: input,
      outputs: new Transposed({}).apply(dense.apply(input)) as tf.SymbolicTensor,
    });
  };
  const kernel = (model: tf.LayersModel): number[] => [...model.weights[0]!.read().dataSync()];
  const ones = () => tf.ones([1, 2]);
  // y = Wᵀ(W x) = 4 in both outputs; mean |y| has the gradient 2 in each element of W
  const objective = { loss: 'meanAbsoluteError', labels: () => tf.zeros([1, 2]) };

  test('in fit, and with plugins in stock fit, where stock makes the update once for each of its layers', async () => {
    const [ours, attached, stock] = [tied(), tied(), tied()];
    const { loss, labels } = objective;
    await fit(ours, { x: ones(), y: labels() }, { ...quiet, loss, optimizer: tf.train.sgd(0.125) });
    attached.compile({ optimizer: attach(attached, tf.train.sgd(0.125)).optimizer, loss });
    stock.compile({ optimizer: tf.train.sgd(0.125), loss });
    for (const model of [attached, stock]) await model.trainOnBatch(ones(), labels());
    expect(kernel(ours)).toEqual([0.75, 0.75, 0.75, 0.75]);
    expect(kernel(attached)).toEqual(kernel(ours));
    expect(kernel(stock)).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  test('and counts once in J', async () => {
    const model = tied();
    const reg = attach(model, tf.train.sgd(0.5), l2(0.25));
    model.compile({ optimizer: reg.optimizer, loss: (_, p) => tf.mul(p, 0) });
    // J = λ Σ w² = 1, w ← w − η 2 λ w
    expect(await model.trainOnBatch(ones(), tf.zeros([1, 2]))).toBe(1);
    expect(kernel(model)).toEqual([0.75, 0.75, 0.75, 0.75]);
  });
});
