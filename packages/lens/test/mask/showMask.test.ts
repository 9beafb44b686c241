/** The masks that are replayed are those that a run drew: activations are recorded in training and compared. */
import { OptionError } from '@keepprob/core';
import { byEpoch, linear } from '@keepprob/core/schedules';
import { attach } from '@keepprob/core/stock';
import {
  alphaDropout,
  concreteDropout,
  dropout,
  dropPath,
  featureAlphaDropout,
  keepProbs,
  spatialDropout1D,
} from '@keepprob/dropout';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { showMask } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const { dense } = tf.layers;
const rows = 6;
const data = () => ({ x: tf.ones([rows, 3]), y: tf.zeros([rows, 1]) });
/** A bias of 1 and a positive slope: no unit is 0 unless it was dropped. */
const net = () =>
  tf.sequential({
    layers: [
      dense({ units: 7, activation: 'sigmoid', inputShape: [3], name: 'h1' }),
      dense({ units: 5, activation: 'sigmoid', name: 'h2' }),
      dense({ units: 1, name: 'out' }),
    ],
  });

/** Which elements of its output a layer dropped, by call in training. */
function record(layer: tf.layers.Layer): number[][][] {
  const calls: number[][][] = [];
  const call = layer.call.bind(layer);
  layer.call = (inputs, kwargs) => {
    const out = call(inputs, kwargs) as tf.Tensor;
    if (kwargs.training)
      calls.push(
        (tf.reshape(out, [out.shape[0]!, -1]).arraySync() as number[][]).map(row => row.map(v => (v === 0 ? 0 : 1))),
      );
    return out;
  };
  return calls;
}

describe('equality with what a run drew', () => {
  test('fit: every dropout, step and row, an own seed and a schedule among them', async () => {
    const model = keepProbs(net(), { h1: 0.5, h2: 0.7 }, { input: 0.9 });
    const [input, one, two] = model.layers.filter(l => l.getClassName() === 'KeepprobDropout') as ReturnType<
      typeof dropout
    >[];
    one!.setOptions({ keepProb: linear({ from: 1, to: 0.3, steps: 6 }) });
    two!.setOptions({ seed: 99 });
    const recorded = [input!, one!, two!].map(record);
    const run = await fit(model, data(), {
      loss: 'meanSquaredError',
      optimizer: 'sgd',
      epochs: 4,
      batchSize: 3,
      seed: 5,
      progress: false,
    });
    expect(run.steps).toBe(8);
    for (let step = 0; step < run.steps; step++) {
      for (let row = 0; row < 3; row++) {
        const shown = showMask(model, step, { seed: run.seed, row });
        expect(shown.dropouts.map(d => [...d.kept])).toEqual(recorded.map(calls => calls[step]![row]));
      }
    }
    // counted over the steps
    const shown = showMask(model, 7, { seed: run.seed, row: 2 });
    for (const [i, calls] of recorded.entries()) {
      const counts = calls.map(c => c[2]!).reduce((a, b) => a.map((v, u) => v + b[u]!));
      expect([...shown.dropouts[i]!.seen]).toEqual(counts);
    }
    expect(shown.dropouts[0]!.expected).toBeCloseTo(8 * 0.9, 10);
  });

  test('stock fit with attach, channels dropped whole', async () => {
    const model = tf.sequential({
      layers: [
        spatialDropout1D({ keepProb: 0.5, inputShape: [4, 6], name: 'channels' }),
        tf.layers.flatten(),
        dense({ units: 1 }),
      ],
    });
    const calls = record(model.layers[0]!);
    const reg = attach(model, { optimizer: tf.train.sgd(0.1), seed: 3 });
    model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
    await model.fit(tf.ones([4, 4, 6]), tf.zeros([4, 1]), {
      epochs: 2,
      batchSize: 2,
      shuffle: false,
      verbose: 0,
      callbacks: reg.callback,
    });
    for (let step = 0; step < 4; step++) {
      const [shown] = showMask(model, step, { seed: 3, row: 1 }).dropouts;
      expect(shown!.shape).toEqual([1, 6]);
      // 4 positions, the same channels
      expect([...shown!.kept, ...shown!.kept, ...shown!.kept, ...shown!.kept]).toEqual(calls[step]![1]);
    }
  });
});

const steps = { seed: 3, keepProb: 0.5, noiseShape: [null, 1, null] };
test.each<[string, tf.layers.Layer]>([
  ['alphaDropout, one draw for all time steps', alphaDropout(steps)],
  ['featureAlphaDropout', featureAlphaDropout({ keepProb: 0.5, seed: 3 })],
  ['dropPath', dropPath({ keepProb: 0.5, seed: 3 })],
  [
    'concreteDropout with a fixed keepProb',
    concreteDropout({ fixedKeepProb: 0.5, noiseShape: steps.noiseShape, seed: 3 }),
  ],
])('%s: what is kept of ones is above 0, what is dropped is not', (_, layer) => {
  const model = tf.sequential({ layers: [tf.layers.reshape({ targetShape: [4, 6], inputShape: [24] }), layer] });
  // outside a run the first training call is step 0
  const y = model.apply(tf.ones([8, 24]), { training: true }) as tf.Tensor3D;
  for (const [row, values] of y.arraySync().entries()) {
    const [shown] = showMask(model, 0, { row }).dropouts;
    const sizes = [1, ...(shown?.shape ?? [])];
    const mask = tf.broadcastTo(tf.tensor(shown?.kept ?? [], sizes, 'int32'), [1, 4, 6]);
    expect(values.flat().map(v => Number(v > 0))).toEqual([...mask.dataSync()]);
  }
});

test('a branch that is dropped trains nothing, and none of its units lives', () => {
  const branch = dropPath({ keepProb: 0.5, seed: 3 });
  const model = tf.sequential({
    layers: [dense({ units: 4, inputShape: [3], name: 'h' }), branch, dense({ units: 1 })],
  });
  const dropped = Array.from({ length: 20 }, (_, row) => showMask(model, 0, { row })).map(
    ({ dropouts, parameters, columns }) => ({
      kept: dropouts[0]?.kept[0],
      trained: parameters.trained,
      living: columns[1]?.kept.reduce((a, b) => a + b, 0),
    }),
  );
  // 3 × 4 + 4 in front of it, 4 + 1 behind it, of which the last bias is trained whatever is dropped
  for (const row of dropped)
    expect(row).toEqual(row.kept ? { kept: 1, trained: 21, living: 4 } : { kept: 0, trained: 1, living: 0 });
  expect(new Set(dropped.map(({ kept }) => kept))).toEqual(new Set([0, 1]));
});

test('dropout in TimeDistributed: called once for each time step, so its masks are not guessed', () => {
  const inner = dropout({ keepProb: 0.5, seed: 1, name: 'inner' });
  const model = tf.sequential({ layers: [tf.layers.timeDistributed({ layer: inner, inputShape: [4, 6] })] });
  expect(showMask(model, 0).dropouts).toEqual([]);
  expect(showMask(model, 0).unknown.join()).toMatch(/"inner".*another layer calls it/);
});

describe('the thinned network', () => {
  test('a parameter is trained where both of its ends live', () => {
    const model = keepProbs(net(), { h1: 0.5, h2: 0.5 }, { input: 0.5 });
    for (let step = 0; step < 20; step++) {
      const shown = showMask(model, step, { seed: 1 });
      const [i, a, b] = shown.dropouts.map(d => d.kept.reduce((x, y) => x + y, 0)) as [number, number, number];
      expect(shown.parameters).toEqual({
        total: 3 * 7 + 7 + 7 * 5 + 5 + 5 + 1,
        trained: i * a + a + a * b + b + b * 1 + 1,
      });
      expect(shown.columns.map(c => c.kept.reduce((x, y) => x + y, 0))).toEqual([i, a, b, 1]);
    }
  });

  test('is what the gradient says, for a row by itself', () => {
    const model = keepProbs(net(), { h1: 0.5, h2: 0.6 }, { input: 0.7, seed: 4 });
    const drops = model.layers.filter(l => l.getClassName() === 'KeepprobDropout') as ReturnType<typeof dropout>[];
    for (const drop of drops) drop.reset();
    for (let step = 0; step < 10; step++) {
      // outside a run each training call is the next step of the layers' own clocks
      const { grads } = tf.variableGrads(
        () => tf.sum(model.apply(tf.ones([1, 3]), { training: true }) as tf.Tensor) as tf.Scalar,
      );
      const nonzero = Object.values(grads).reduce((n, g) => n + g.dataSync().filter(v => v !== 0).length, 0);
      const { parameters, dropouts } = showMask(model, step);
      // where a whole layer is dropped, the gradient before it is 0 as well: not what is counted
      if (dropouts.every(d => d.kept.includes(1))) expect(parameters.trained).toBe(nonzero);
    }
  });

  test('convolution: channels that live; batch norm and frozen layers', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv1d({ filters: 4, kernelSize: 3, inputShape: [5, 2], name: 'c', trainable: false }),
        tf.layers.batchNormalization(),
        spatialDropout1D({ keepProb: 0.5, seed: 2 }),
        tf.layers.conv1d({ filters: 3, kernelSize: 2, useBias: false }),
      ],
    });
    const shown = showMask(model, 0);
    const live = shown.dropouts[0]!.kept.reduce((a, b) => a + b, 0);
    expect(shown.parameters).toEqual({ total: 8 + 24, trained: live + live + live * 2 * 3 });
    expect(shown.columns).toEqual([]);
  });
});

describe('what cannot be told is said', () => {
  test('no dropout: everything is trained', () => {
    const shown = showMask(net(), 3);
    expect(shown.parameters).toEqual({ total: 74, trained: 74 });
    expect(shown.text).toMatch(/no dropout: every step can train all 74 parameters/);
  });

  test("TF.js' own dropout, a mask that depends on the data, a shared dropout", () => {
    const shared = dropout({ keepProb: 0.5, seed: 1, name: 'shared' });
    const input = tf.input({ shape: [4] });
    const twice = tf.layers
      .add()
      .apply([
        shared.apply(input) as tf.SymbolicTensor,
        shared.apply(dense({ units: 4 }).apply(input)) as tf.SymbolicTensor,
      ]);
    expect(showMask(tf.model({ inputs: input, outputs: twice as tf.SymbolicTensor }), 0).unknown.join()).toMatch(
      /more than once/,
    );

    const stock = tf.sequential({
      layers: [
        tf.layers.dropout({ rate: 0.5, inputShape: [4] }),
        tf.layers.dropout({ rate: 0.5, seed: 7, name: 'frozen' }),
        alphaDropout({ keepProb: 0.5, seed: 1 }),
        dense({ units: 1 }),
      ],
    });
    const shown = showMask(stock, 0);
    expect(shown.unknown).toHaveLength(2);
    expect(shown.warnings.join()).toMatch(/"frozen".*one frozen sub-network/);
    expect(shown.dropouts).toHaveLength(1);

    const open = tf.sequential({ layers: [dropout({ keepProb: 0.5, seed: 1, inputShape: [null as never, 4] })] });
    expect(showMask(open, 0).unknown.join()).toMatch(/depends on the data/);
  });

  test.each<[unknown, object, RegExp]>([
    [0, {}, /seed.*the run's seed/],
    [-1, { seed: 1 }, /step/],
    [0.5, { seed: 1 }, /step/],
    [0, { seed: -1 }, /seed/],
    [0, { seed: 1, row: -1 }, /row/],
    [0, { seed: 1, rows: 1 }, /Did you mean `row`/],
  ])('step %j with %j is refused', (step, options, message) => {
    const model = keepProbs(net(), { h1: 0.5 });
    expect(() => showMask(model, step as number, options)).toThrow(OptionError);
    expect(() => showMask(model, step as number, options)).toThrow(message);
  });

  test('a schedule by epoch needs stepsPerEpoch', () => {
    const model = tf.sequential({
      layers: [dropout({ keepProb: byEpoch([1, 0.5]), seed: 1, inputShape: [64] }), dense({ units: 1 })],
    });
    expect(() => showMask(model, 3)).toThrow(/stepsPerEpoch/);
    expect(showMask(model, 3, { stepsPerEpoch: 4 }).dropouts[0]!.keepProb).toBe(1);
    expect(showMask(model, 4, { stepsPerEpoch: 4 }).dropouts[0]!.keepProb).toBe(0.5);
    expect(() => showMask(tf.sequential(), 0)).toThrow(/not built/);
  });
});
