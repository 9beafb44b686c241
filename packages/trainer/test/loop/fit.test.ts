/** What fit trains on, what it trains, and what it tells of it. */
import { dropout } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type FitEvent, type FitOptions, fit } from '../../src/index.ts';
import { data, glorot, net, numbers, options, probe } from '../support/smallNet.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const value = (t: unknown): number => (t as tf.Tensor).dataSync()[0]!;

describe('history', () => {
  test('loss + penalty = cost, for train and dev alike; the gap is valLoss − cleanLoss', async () => {
    const run = await fit(
      net(dropout({ keepProb: 0.5 })),
      data(),
      options({ validation: data(10), plugins: [l2(0.1)] }),
    );
    const { loss, penalty, cost, cleanLoss, valLoss, valPenalty, valCost } = run.history as Record<string, number[]>;
    for (const e of [0, 1, 2]) {
      expect(loss![e]! + penalty![e]!).toBeCloseTo(cost![e]!, 5);
      expect(valLoss![e]! + valPenalty![e]!).toBeCloseTo(valCost![e]!, 5);
      expect(valPenalty![e]).toBeGreaterThan(0);
    }
    expect(run.gap).toBe(valLoss![2]! - cleanLoss![2]!);
    expect([run.epochs, run.steps, run.stopped, run.seed]).toEqual([3, 9, undefined, 1]);
  });

  test('stock: train loss includes the penalty, val_loss does not; here both are parted', async () => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [2], kernelRegularizer: tf.regularizers.l2({ l2: 10 }) })],
    });
    model.compile({ optimizer: tf.train.sgd(0), loss: 'meanSquaredError' });
    const { x, y } = data();
    const { history } = await model.fit(x, y, { validationData: [x, y], batchSize: 20, verbose: 0 });
    const stock = (name: string) => Number(history[name]![0]);
    const squares = value(tf.sum(tf.square(model.getWeights()[0]!)));
    expect(stock('loss') - stock('val_loss')).toBeCloseTo(10 * squares, 3);
    const run = await fit(
      model,
      { x, y },
      options({ epochs: 1, batchSize: 20, optimizer: tf.train.sgd(0), validation: { x, y } }),
    );
    expect(run.history.loss![0]).toBeCloseTo(stock('val_loss'), 4);
    expect(run.history.valLoss![0]).toBeCloseTo(stock('val_loss'), 4);
    expect(run.history.valPenalty![0]).toBeCloseTo(10 * squares, 3);
  });

  test('cleanLoss and clean metrics are those of the model with dropout off', async () => {
    const model = net(dropout({ keepProb: 0.5 }));
    const { x, y } = data();
    const run = await fit(model, { x, y }, options({ epochs: 1, metrics: ['mse'] }));
    const mse = value(tf.mean(tf.losses.meanSquaredError(y, model.predict(x) as tf.Tensor)));
    expect(run.history.cleanLoss![0]).toBeCloseTo(mse, 5);
    expect(Object.keys(run.history)).toEqual(expect.arrayContaining(['mse', 'cleanMse']));
  });

  test('trainEvaluation: false leaves it out', async () => {
    const run = await fit(net(), data(), options({ trainEvaluation: false, validation: data(4) }));
    expect(run.history.cleanLoss).toBeUndefined();
    expect(run.gap).toBeNaN();
  });
});

describe('data', () => {
  const trained = async (given: Parameters<typeof fit>[1], more: Partial<FitOptions> = {}) => {
    const model = net();
    await fit(model, given, options({ shuffle: false, batchSize: 10, ...more }));
    return numbers(model);
  };
  const { x, y } = {
    x: [...Array(20)].map((_, i) => [Math.sin(i), Math.cos(i)]),
    y: [...Array(20)].map((_, i) => [i / 20]),
  };

  test('tensors, lists, typed arrays, records, datasets and async iterables train the same', async () => {
    const expected = await trained({ x: tf.tensor2d(x), y: tf.tensor2d(y) });
    expect(await trained({ x, y })).toEqual(expected);
    expect(
      await trained({ x: { data: Float32Array.from(x.flat()), shape: [20, 2] }, y: Float32Array.from(y.flat()) }),
    ).toEqual(expected);
    const model = net();
    model.build(); // a Sequential knows its names only then
    await fit(
      model,
      { x: { [model.inputNames[0]!]: x }, y: { [model.outputNames[0]!]: y } },
      options({ shuffle: false, batchSize: 10 }),
    );
    expect(numbers(model)).toEqual(expected);
    const dataset = tf.data.zip({ xs: tf.data.array(x), ys: tf.data.array(y) }).batch(10);
    expect(await trained(dataset as never)).toEqual(expected);
    const stream = async function* () {
      for (const from of [0, 10])
        yield { x: tf.tensor2d(x.slice(from, from + 10)), y: tf.tensor2d(y.slice(from, from + 10)) };
    };
    expect(await trained(stream)).toEqual(expected);
  });

  test('shuffling: the same order from the same seed, another in every epoch and from another seed', async () => {
    const order = async (seed: number): Promise<number[][]> => {
      const seen: number[][] = [[], []];
      const spy = probe({
        batch: (b, at) => {
          seen[at.epoch]!.push(...Object.values(b.y)[0]!.dataSync());
          return b;
        },
      });
      await fit(net(), { x, y }, options({ epochs: 2, seed, plugins: [spy] }));
      return seen;
    };
    const [first, second] = await order(1);
    expect(await order(1)).toEqual([first, second]);
    expect(second).not.toEqual(first);
    expect((await order(2))[0]).not.toEqual(first);
    expect([...first!].sort()).toEqual([...second!].sort());
    expect(new Set(first).size).toBe(20);
  });

  test('stock shuffling cannot be repeated', async () => {
    const stock = async () => {
      const model = net();
      model.compile({ optimizer: tf.train.sgd(0.3), loss: 'meanSquaredError' });
      await model.fit(tf.tensor2d(x), tf.tensor2d(y), { epochs: 2, batchSize: 2, verbose: 0 });
      return numbers(model).join();
    };
    expect(new Set([await stock(), await stock(), await stock()]).size).toBeGreaterThan(1);
  });

  test('sample weights: a weight of 2 is the row twice, of 0 the row left out; stock throws', async () => {
    const doubled = await trained(
      { x: [...x.slice(0, 5), ...x.slice(0, 5)], y: [...y.slice(0, 5), ...y.slice(0, 5)] },
      { epochs: 1 },
    );
    const zeros = Array(5).fill(0);
    // the mean over 10 rows: weight 2 on five, 0 on the others
    const weighted = await trained(
      { x: x.slice(0, 10), y: y.slice(0, 10), sampleWeight: [2, 2, 2, 2, 2, ...zeros] },
      { epochs: 1 },
    );
    weighted.forEach((w, i) => {
      expect(w).toBeCloseTo(doubled[i]!, 6);
    });
    const model = net();
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await expect(
      model.fit(tf.tensor2d(x), tf.tensor2d(y), { sampleWeight: tf.ones([20]), verbose: 0 }),
    ).rejects.toThrow(/sample/i);
  });

  test('class weights weigh the rows of their class', async () => {
    const softmax = () =>
      tf.sequential({ layers: [tf.layers.dense({ units: 2, activation: 'softmax', inputShape: [2], ...glorot(1) })] });
    const labels = x.map((_, i) => i % 2);
    const oneHot = labels.map(k => [1 - k, k]);
    const run = async (given: Parameters<typeof fit>[1], more: Partial<FitOptions>) => {
      const model = softmax();
      await fit(model, given, options({ shuffle: false, loss: 'categoricalCrossentropy', ...more }));
      return numbers(model);
    };
    const byClass = await run({ x, y: oneHot }, { classWeight: { 1: 3 } });
    expect(byClass).toEqual(await run({ x, y: oneHot, sampleWeight: labels.map(k => 1 + 2 * k) }, {}));
    expect(byClass).toEqual(
      await run({ x, y: labels }, { classWeight: { 1: 3 }, loss: 'sparseCategoricalCrossentropy' }),
    );
  });

  test('several inputs and outputs, losses and metrics by name', async () => {
    const [a, b] = [tf.input({ shape: [2], name: 'a' }), tf.input({ shape: [1], name: 'b' })];
    const joined = tf.layers.concatenate().apply([a, b]) as tf.SymbolicTensor;
    const sum = tf.layers.dense({ units: 1, name: 'sum' }).apply(joined) as tf.SymbolicTensor;
    const kind = tf.layers.dense({ units: 2, activation: 'softmax', name: 'kind' }).apply(joined) as tf.SymbolicTensor;
    const model = tf.model({ inputs: [a, b], outputs: [sum, kind] });
    const run = await fit(
      model,
      {
        x: { a: x, b: y },
        y: { sum: x.map(([u, v]) => [u! + v!]), kind: y.map(([t]) => (t! > 0.5 ? [0, 1] : [1, 0])) },
      },
      options({
        epochs: 30,
        optimizer: tf.train.adam(0.1),
        loss: { sum: 'meanSquaredError', kind: 'categoricalCrossentropy' },
        metrics: ['accuracy'],
      }),
    );
    expect(Object.keys(run.history)).toEqual(
      expect.arrayContaining(['sumLoss', 'kindLoss', 'kindAccuracy', 'cleanKindAccuracy']),
    );
    const last = (name: string) => run.history[name]!.at(-1)!;
    expect(last('cleanSumLoss') + last('cleanKindLoss')).toBeCloseTo(last('cleanLoss'), 4);
    expect(last('cleanLoss')).toBeLessThan(run.history.cleanLoss![0]! / 2);
  });
});

describe('freezing', () => {
  test('frozen weights are neither trained nor penalized, and Adam’s slots follow their variables', async () => {
    const model = net();
    const adam = tf.train.adam(0.01);
    await fit(model, data(), options({ optimizer: adam }));
    model.layers[0]!.trainable = false;
    const before = numbers(model);
    const run = await fit(model, data(), options({ optimizer: adam, plugins: [l2(1)], epochs: 1, batchSize: 20 }));
    expect(numbers(model).slice(0, 12)).toEqual(before.slice(0, 12));
    expect(run.history.penalty![0]).toBeCloseTo(
      before.slice(12, 16).reduce((s, w) => s + w * w, 0),
      4,
    );
    model.layers[0]!.trainable = true;
    await fit(model, data(), options({ optimizer: adam }));
  });
});

test('events come in order and carry what a display needs', async () => {
  const events: FitEvent[] = [];
  await fit(net(), data(), options({ epochs: 2, progress: e => void events.push(e) }));
  expect(events.map(e => `${e.type} ${e.epoch} ${e.step}`)).toEqual([
    'begin 0 0',
    'step 0 1',
    'step 0 2',
    'step 0 3',
    'epoch 0 3',
    'step 1 4',
    'step 1 5',
    'step 1 6',
    'epoch 1 6',
    'end 2 6',
  ]);
  expect(events[1]!.stepsPerEpoch).toBe(3);
  expect(Object.keys(events[1]!.logs)).toEqual(['cost', 'loss', 'penalty']);
});
