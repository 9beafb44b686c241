import { DataError, definePlugin, type Hooks, OptionError, PluginError } from '@keepprob/core';
import { dropout } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import { earlyStopping } from '@keepprob/stopping';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type FitEvent, type FitOptions, fit } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const probe = (hooks: Hooks) => definePlugin({ name: 'probe', options: {}, setup: () => hooks })();
const glorot = (seed: number) => ({ kernelInitializer: tf.initializers.glorotUniform({ seed }) });
const net = (...extra: tf.layers.Layer[]) =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, inputShape: [2], ...glorot(1) }),
      ...extra,
      tf.layers.dense({ units: 1, ...glorot(2) }),
    ],
  });
const data = (rows = 20) => ({
  x: tf.randomNormal([rows, 2], 0, 1, 'float32', 1),
  y: tf.randomNormal([rows, 1], 0, 1, 'float32', 2),
});
const options = (more: Partial<FitOptions> = {}): FitOptions => ({
  loss: 'meanSquaredError',
  optimizer: more.optimizer ?? tf.train.sgd(0.05),
  epochs: 3,
  batchSize: 8,
  seed: 1,
  progress: false,
  ...more,
});
const numbers = (model: tf.LayersModel): number[] =>
  model.layers.flatMap(layer => layer.getWeights().flatMap(w => [...w.dataSync()]));
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

describe('early stopping', () => {
  /** valLoss falls, then rises: the dev targets are those of two epochs from here. */
  const rising = (at: { epoch: number }) => at.epoch;
  test('stops after patience and gives back the best weights, batch-norm statistics included', async () => {
    const model = net(tf.layers.batchNormalization({ momentum: 0.5 }));
    const seen: number[][] = [];
    const watch = probe({
      epochEnd: (_, weights) => {
        seen.push(weights.flatMap(w => [...w.variable.dataSync()]));
      },
    });
    const fake = [3, 1, 2, 2, 2, 2];
    const scripted = { ...probe({}), name: 'scripted' };
    const stop = earlyStopping({ patience: 2 });
    // a dev loss that is told, not measured, so that the best epoch is known: the second
    const told = {
      ...stop,
      setup: (c: never) => {
        const h = stop.setup(c);
        return {
          ...h,
          monitors: () => [],
          epochEnd: (l: never, w: never, at: never) =>
            h.epochEnd!({ ...(l as object), valLoss: fake[rising(at)]! }, w, at),
        };
      },
    };
    const run = await fit(model, data(), options({ epochs: 6, plugins: [watch, scripted, told as never] }));
    expect(run.stopped).toMatch(/valLoss did not improve on its 1 of epoch 2 for 2 epochs/);
    expect(run.epochs).toBe(4);
    const order = (m: tf.LayersModel) => m.layers.flatMap(l => l.weights.flatMap(w => [...w.read().dataSync()]));
    expect(order(model)).toEqual(seen[1]);
    expect(seen[1]).not.toEqual(seen[3]);
  });

  test('stock: restoreBestWeights throws', () => {
    expect(() => tf.callbacks.earlyStopping({ restoreBestWeights: true })).toThrow();
  });

  test('a monitor that is not logged is an error that lists the logs', async () => {
    await expect(fit(net(), data(), options({ plugins: [earlyStopping()] }))).rejects.toThrow(
      /earlyStopping: .*`monitor`.*loss, penalty, cost, cleanLoss.*"valLoss".*give the run `validation`/,
    );
  });

  test.each([
    [{ patience: -1 }],
    [{ patience: 1.5 }],
    [{ mode: 'up' }],
    [{ minDelta: Number.NaN }],
    [{ patince: 3 }],
    [{ restoreBest: 1 }],
  ])('%j is refused', bad => {
    expect(() => earlyStopping(bad as never)).toThrow(OptionError);
  });
});

describe('every exit is clean', () => {
  const held = async (f: () => Promise<unknown>): Promise<unknown> => {
    const before = tf.memory().numTensors;
    const result = await f().catch((e: unknown) => e);
    expect(tf.memory().numTensors).toBe(before);
    return result;
  };
  const sgd = tf.train.sgd(0.05);

  test('done: no tensor more than before', async () => {
    const [model, given] = [net(dropout({ keepProb: 0.5 })), data()];
    await held(() =>
      fit(
        model,
        given,
        options({ optimizer: sgd, validation: given, metrics: ['mse'], plugins: [l2(0.1), earlyStopping()] }),
      ),
    );
  });

  test('aborted: the history is kept, the best weights restored', async () => {
    const [model, given] = [net(), data()];
    const stopper = new AbortController();
    const run = (await held(() =>
      fit(
        model,
        given,
        options({
          optimizer: sgd,
          epochs: 9,
          signal: stopper.signal,
          plugins: [earlyStopping({ monitor: 'loss', patience: 9 })],
          progress: e => {
            if (e.type === 'step' && e.step === 8) stopper.abort();
          },
        }),
      ),
    )) as Awaited<ReturnType<typeof fit>>;
    expect(run.stopped).toBe('aborted');
    expect(run.steps).toBe(8);
    expect(run.history.loss!.length).toBe(2);
  });

  test.each<[string, number, (e: FitEvent) => boolean]>([
    ['on the last step of an epoch', 1, e => e.type === 'step' && e.step === 6],
    ['at the end of an epoch', 2, e => e.type === 'epoch' && e.epoch === 1],
  ])('aborted %s: %i epochs are in the history, those that are evaluated', async (_, epochs, when) => {
    const [model, dev] = [net(), data(4)];
    const stopper = new AbortController();
    // gone through once: asking it for a third epoch would be an error
    const stream = async function* () {
      for (const _ of [1, 2, 3]) yield data(4);
    };
    const passes = [stream(), stream()];
    const twice = { [Symbol.asyncIterator]: () => passes.shift()! };
    const events: string[] = [];
    const run = (await held(() =>
      fit(
        model,
        twice,
        options({
          optimizer: sgd,
          epochs: 9,
          signal: stopper.signal,
          validation: dev,
          trainEvaluation: false,
          progress: e => {
            if (when(e)) stopper.abort();
            if (e.type !== 'step') events.push(`${e.type} ${e.epoch}`);
          },
        }),
      ),
    )) as Awaited<ReturnType<typeof fit>>;
    expect([run.stopped, run.epochs, run.steps]).toEqual(['aborted', epochs, 6]);
    expect(run.history.valLoss!.length).toBe(epochs);
    expect(events).toEqual(
      ['begin 0', 'epoch 0', 'epoch 1', 'end 2']
        .filter(e => e !== `epoch ${epochs}`)
        .map(e => (e === 'end 2' ? `end ${epochs}` : e)),
    );
  });

  test('J is NaN: an error before the update', async () => {
    const [model, given] = [net(), data()];
    const before = numbers(model);
    const nan = (t: tf.Tensor, p: tf.Tensor): tf.Tensor => tf.mul(tf.add(t, p), Number.NaN);
    const error = await held(() => fit(model, given, options({ optimizer: sgd, loss: nan })));
    expect(error).toBeInstanceOf(PluginError);
    expect((error as Error).message).toMatch(/J is NaN at step 0.*not updated/);
    expect(numbers(model)).toEqual(before);
  });

  test('an error after the best epoch: its weights are restored all the same', async () => {
    const [model, given] = [net(), data()];
    const best: number[] = [];
    const watch = probe({
      epochEnd: (_, __, at) => {
        if (at.epoch === 2) throw new Error('no');
        best.splice(0, best.length, ...numbers(model));
      },
    });
    // the loss falls in every epoch here, so the epoch before the error is the best
    const list = [earlyStopping({ monitor: 'cleanLoss', patience: 9 }), watch];
    const error = await held(() =>
      fit(model, given, options({ optimizer: sgd, epochs: 5, plugins: [...list].reverse() })),
    );
    expect((error as Error).message).toMatch(/"probe", hook epochEnd: no/);
    expect(numbers(model)).toEqual(best);
  });

  test.each<[string, Hooks]>([
    [
      'batch',
      {
        batch: () => {
          throw new Error('no');
        },
      },
    ],
    [
      'penalty',
      {
        penalty: () => {
          throw new Error('no');
        },
      },
    ],
    [
      'gradients',
      {
        gradients: () => {
          throw new Error('no');
        },
      },
    ],
    [
      'afterUpdate',
      {
        afterUpdate: () => {
          throw new Error('no');
        },
      },
    ],
    [
      'epochEnd',
      {
        epochEnd: () => {
          throw new Error('no');
        },
      },
    ],
  ])('a hook fails: %s', async (hook, hooks) => {
    const [model, given] = [net(), data()];
    const error = await held(() =>
      fit(model, given, options({ optimizer: sgd, plugins: [probe(hooks), earlyStopping({ monitor: 'loss' })] })),
    );
    expect((error as Error).message).toMatch(new RegExp(`"probe", hook ${hook}: no`));
  });

  test('the user’s model can still be disposed, and keeps what it was compiled with', async () => {
    const given = data();
    const before = tf.memory().numTensors;
    const model = net();
    model.compile({ optimizer: sgd, loss: 'meanAbsoluteError' });
    await fit(model, given, options({ optimizer: 'sgd' }));
    expect(model.loss).toBe('meanAbsoluteError');
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  const rows = (n: number, width: number) => Array.from({ length: n }, () => Array(width).fill(1));
  test.each<[string, () => Parameters<typeof fit>[1], RegExp]>([
    ['x and y of different length', () => ({ x: rows(4, 2), y: rows(3, 1) }), /4 rows.*Received: 3/],
    ['no rows', () => ({ x: tf.zeros([0, 2]), y: tf.zeros([0, 1]) }), /at least one row/],
    ['wrong shape of x', () => ({ x: rows(4, 3), y: rows(4, 1) }), /\[rows,2\].*\[4,3\]/],
    ['wrong shape of y', () => ({ x: rows(4, 2), y: rows(4, 2) }), /\[rows,1\].*\[4,2\]/],
    ['NaN', () => ({ x: [[1, Number.NaN]], y: [[1]] }), /finite.*NaN/],
    ['Infinity in y', () => ({ x: [[1, 1]], y: [[Number.POSITIVE_INFINITY]] }), /finite/],
    ['no y', () => ({ x: rows(4, 2) }) as never, /\{ x, y \}/],
    ['an unknown input name', () => ({ x: { z: rows(4, 2) }, y: rows(4, 1) }) as never, /Received: z/],
    ['weights of another length', () => ({ x: rows(4, 2), y: rows(4, 1), sampleWeight: [1] }), /sampleWeight.*4 rows/],
    ['nothing', () => null as never, /\{ x, y \}.*null/],
    ['text', () => ({ x: 'abc', y: [1] }) as never, /training data/],
  ])('bad data: %s', async (_, given, message) => {
    const model = net();
    const before = numbers(model);
    const made = given();
    const error = await held(() => fit(model, made, options({ optimizer: sgd })));
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toMatch(message);
    expect(numbers(model)).toEqual(before);
  });

  test('a bad batch in a stream is refused before its update; what came before stays', async () => {
    const model = net();
    const stream = async function* () {
      yield { x: tf.ones([2, 2]), y: tf.ones([2, 1]) };
      yield { x: tf.fill([2, 2], Number.NaN), y: tf.ones([2, 1]) };
    };
    let steps = 0;
    const error = await held(() =>
      fit(model, stream, options({ optimizer: sgd, plugins: [probe({ afterUpdate: () => void steps++ })] })),
    );
    expect((error as Error).message).toMatch(/finite/);
    expect(steps).toBe(1);
  });

  test.each<[string, Partial<FitOptions>, RegExp]>([
    ['unknown option', { epoch: 3 } as never, /Did you mean `epochs`/],
    ['epochs 0', { epochs: 0 }, /epochs/],
    ['batchSize 1.5', { batchSize: 1.5 }, /batchSize/],
    ['no such loss', { loss: 'meanSquaredEror' }, /loss/],
    ['no such metric', { metrics: ['acuracy'] }, /metrics/],
    ['no such optimizer', { optimizer: 'adamm' }, /optimizer/],
    ['an optimizer that is none', { optimizer: {} as never }, /ptimizer/],
    ['progress', { progress: 'loud' as never }, /progress/],
  ])('bad option: %s', async (_, more, message) => {
    const [model, given] = [net(), data()];
    const error = await held(() => fit(model, given, options({ optimizer: sgd, ...more })));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toMatch(message);
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
