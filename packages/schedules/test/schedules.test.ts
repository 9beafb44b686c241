import { isSchedule, type Moment, OptionError, PluginError } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { catalogue } from '../src/catalogue.ts';
import * as schedules from '../src/index.ts';
import {
  byEpoch,
  byStep,
  cosine,
  inverseTime,
  linear,
  oneCycle,
  polynomial,
  type Schedule,
  schedule,
  sequence,
  staircase,
  valueAt,
  warmRestarts,
  warmup,
} from '../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const at = (step: number, epoch = 0): Moment =>
  ({ step, epoch, phase: 'train', learningRate: 1, rows: [0, 1], key: () => ({}) }) as unknown as Moment;
/** The value at some updates, also after a way through JSON. */
const values = (s: Schedule, steps: readonly number[]) => {
  const copy = JSON.parse(JSON.stringify(s)) as Schedule;
  const all = steps.map(step => valueAt(s, at(step)));
  expect(steps.map(step => valueAt(copy, at(step)))).toEqual(all);
  return all;
};
const close = (received: readonly number[], expected: readonly number[]) =>
  received.forEach((v, i) => {
    expect(v).toBeCloseTo(expected[i]!, 10);
  });

describe('values by hand', () => {
  test('inverseTime: from / (1 + decayRate t)', () =>
    close(values(inverseTime({ from: 0.6, decayRate: 0.5 }), [0, 1, 2, 4]), [0.6, 0.4, 0.3, 0.2]));
  test('staircase: from · factor^⌊t / n⌋', () =>
    close(values(staircase({ from: 8, factor: 0.5, every: { steps: 10 } }), [0, 9, 10, 25]), [8, 8, 4, 2]));
  test('sequence: each part counts from where it begins, the last one holds', () => {
    const s = sequence(
      [2, linear({ from: 0, to: 1, steps: 2 })],
      [3, 7],
      [Infinity, staircase({ from: 4, factor: 0.5, every: 2 })],
    );
    close(values(s, [0, 1, 2, 4, 5, 6, 7, 9]), [0, 0.5, 7, 7, 4, 4, 2, 1]);
  });
  test('warm-up: straight up to where the rest begins', () => {
    const s = warmup({ steps: 4, into: cosine({ from: 1, to: 0, steps: 10 }) });
    close(values(s, [0, 1, 2, 4, 9, 14, 99]), [0, 0.25, 0.5, 1, 0.5, 0, 0]);
    close(values(warmup({ steps: 2, into: 0.3, from: 0.1 }), [0, 1, 2, 50]), [0.1, 0.2, 0.3, 0.3]);
  });
  test('one cycle: peak / 25 → peak before 30 % → a 10,000th of the start at the last update', () => {
    close(values(oneCycle({ peak: 1, steps: 100 }), [0, 14.5, 29, 64, 99, 500]), [
      0.04,
      0.52,
      1,
      (1 + 4e-6) / 2,
      4e-6,
      4e-6,
    ]);
  });
  test.each([2, 3, 4, 10, 20, 25, 101])(
    'one cycle of %i updates is that of PyTorch 1.13 (OneCycleLR.get_lr)',
    steps => {
      const half = (from: number, to: number, share: number): number =>
        to + ((from - to) / 2) * (1 + Math.cos(Math.PI * share));
      const top = 0.3 * steps - 1;
      const torch = (t: number): number =>
        t <= top ? half(0.04, 1, t / top) : half(1, 0.04 / 1e4, (t - top) / (steps - 1 - top));
      const updates = Array.from({ length: steps }, (_, t) => t);
      close(values(oneCycle({ peak: 1, steps }), updates), updates.map(torch));
    },
  );
  test('steps and epochs', () => {
    close(values(byStep({ 0: 1, 10: 0.1 }), [0, 9, 10]), [1, 1, 0.1]);
    expect(valueAt(warmup({ steps: 2, into: byEpoch([0.5, 0.25]) }), at(7, 1))).toBe(0.25);
  });
  test('polynomial: a power of what is left', () =>
    close(values(polynomial({ from: 5, to: 1, steps: 4, power: 2 }), [0, 1, 2, 4, 9]), [5, 3.25, 2, 1, 1]));
  test('polynomial of power 1 is linear', () =>
    close(
      values(polynomial({ from: 1, to: 0, steps: 4 }), [0, 1, 3, 5]),
      values(linear({ from: 1, to: 0, steps: 4 }), [0, 1, 3, 5]),
    ));
  test('warm restarts: T_i = T_0 T_multⁱ (Loshchilov & Hutter 2017, eq. 5)', () => {
    const s = warmRestarts({ from: 1, to: 0, steps: 2, stretch: 2 });
    // cycles from 0, 2, 6, 14
    close(values(s, [0, 1, 2, 4, 6, 10, 14]), [1, 0.5, 1, 0.5, 1, 0.5, 1]);
    close(values(warmRestarts({ from: 3, to: 1, steps: 4, shrink: 0.5 }), [0, 2, 4, 6, 8]), [3, 2, 2, 1.5, 1.5]);
  });
  test.each([
    [10, 1],
    [3, 2],
    [5, 1.5],
  ])('warm restarts of %i updates, × %f, are those of Keras (CosineDecayRestarts)', (steps, stretch) => {
    const keras = (t: number): number => {
      let share = t / steps;
      if (stretch === 1) share -= Math.floor(share);
      else {
        const i = Math.floor(Math.log(1 - share * (1 - stretch)) / Math.log(stretch) + 1e-9);
        share = (share - (1 - stretch ** i) / (1 - stretch)) / stretch ** i;
      }
      return 0.1 * 0.5 * (1 + Math.cos(Math.PI * share));
    };
    const updates = Array.from({ length: 60 }, (_, t) => t);
    close(values(warmRestarts({ from: 0.1, to: 0, steps, stretch }), updates), updates.map(keras));
  });
});

describe('what is refused', () => {
  const ours = catalogue.filter(entry => entry.kind === 'schedule');
  const factories: Readonly<Record<string, unknown>> = { ...schedules };
  /** Not one of them is a schedule or an object of its options. */
  const circular: unknown[] = [];
  circular.push(circular);
  const nothings = [undefined, null, 5, 'cosine', [], circular, { a: 1n }, tf.layers.dense({ units: 1 })];

  test.each(ours.flatMap(({ name }) => nothings.map((given, i) => [name, i, given] as const)))(
    '%s of %#: an OptionError',
    (name, _, given) => {
      const factory = factories[name] as (...given: unknown[]) => unknown;
      expect(() => factory(given)).toThrow(OptionError);
      expect(() => factory()).toThrow(OptionError);
    },
  );
  test.each(ours.map(entry => [entry.name, entry] as const))(
    '%s is a schedule; without one of its fields it is none',
    (_, entry) => {
      const made = entry.make(entry.options);
      expect(isSchedule(made)).toBe(true);
      for (const field of Object.keys(made)) {
        const { [field]: __, ...rest } = { ...made } as Record<string, unknown>;
        expect(isSchedule(rest)).toBe(false);
        expect(isSchedule({ ...made, [field]: 'x' })).toBe(false);
      }
    },
  );
  test('what holds itself is no schedule', () => {
    const parts: unknown[] = [];
    const ring = { schedule: 'sequence', values: [1], parts, steps: [0] };
    parts.push(ring);
    expect(isSchedule(ring)).toBe(false);
  });
  test.each<() => Schedule>([
    () => inverseTime({ from: 1, decayRate: 0 }),
    () => polynomial({ from: 1, to: 0, steps: 3, power: 0 }),
    () => warmRestarts({ from: 1, to: 0, steps: 3, stretch: 0.5 }),
    () => warmRestarts({ from: 1, to: 0, steps: 3, shrink: 2 }),
    () => sequence([1, 0.1, 2] as never),
    () => staircase({ from: 1, factor: 2, every: 1 }),
    () => staircase({ from: 1, factor: 0.5, every: 0 }),
    () => sequence(),
    () => sequence([Infinity, 1], [1, 1]),
    () => sequence([1.5, 1]),
    () => sequence([1, Number.NaN]),
    () => warmup({ steps: 0, into: 1 }),
    () => warmup({ steps: 1, into: null as never }),
    () => oneCycle({ peak: 0, steps: 10 }),
    () => oneCycle({ peak: 1, steps: 1 }),
    () => oneCycle({ peak: 1, steps: 10, rise: 1 }),
  ])('%o is refused', make => expect(make).toThrow(OptionError));
});

/** w = 0, gradient 1 at each update: SGD's w is −Σ learning rates. */
const line = () => {
  const layer = tf.layers.dense({ units: 1, inputShape: [1], useBias: false, kernelInitializer: 'zeros' });
  return tf.sequential({ layers: [layer] });
};
const data = (rows: number) => ({ x: tf.ones([rows, 1]), y: tf.zeros([rows, 1]) });
const mean = (_: tf.Tensor, prediction: tf.Tensor) => prediction;
const weight = (model: tf.LayersModel) => model.getWeights()[0]!.dataSync()[0]!;

describe('in training', () => {
  test('every update uses its own learning rate: .1, .2, .4 sum to .7', async () => {
    const model = line();
    const plugin = schedule({ learningRate: byStep({ 0: 0.1, 1: 0.2, 2: 0.4 }) });
    await fit(model, data(3), {
      loss: mean,
      optimizer: tf.train.sgd(9),
      batchSize: 1,
      progress: false,
      plugins: [plugin],
    });
    expect(weight(model)).toBeCloseTo(-0.7, 6);
  });

  test('momentum changes for operations and kernels alike: v ← μ v + g, w ← w − η v', async () => {
    const model = line();
    const plugin = schedule({ momentum: byStep({ 0: 0, 1: 0.5, 2: 0.9 }) });
    const optimizer = tf.train.momentum(0.1, 0.7);
    const tensors = tf.memory().numTensors;
    await fit(model, data(3), { loss: mean, optimizer, batchSize: 1, progress: false, plugins: [plugin] });
    // v = 1, 1.5, 2.35
    expect(weight(model)).toBeCloseTo(-0.1 * (1 + 1.5 + 2.35), 6);
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(tensors + 2 - 1); // the data; the optimizer's momentum went with it
  });

  test('stock: setMomentum changes nothing', async () => {
    const train = async (momentum?: number) => {
      const model = line();
      const optimizer = tf.train.momentum(0.1, 0.7) as tf.MomentumOptimizer;
      if (momentum !== undefined) optimizer.setMomentum(momentum);
      model.compile({ optimizer, loss: mean });
      await model.fit(tf.ones([3, 1]), tf.zeros([3, 1]), { batchSize: 1, verbose: 0 });
      return weight(model);
    };
    expect(await train(0)).toBe(await train());
  });

  test('an optimizer without momentum is refused at the first update, before it', async () => {
    const model = line();
    const reg = attach(model, tf.train.adam(0.1), schedule({ momentum: 0.5 }));
    model.compile({ optimizer: reg.optimizer, loss: mean });
    await expect(model.trainOnBatch(tf.ones([1, 1]), tf.zeros([1, 1]))).rejects.toThrow(PluginError);
    await expect(model.trainOnBatch(tf.ones([1, 1]), tf.zeros([1, 1]))).rejects.toThrow(/Adam has no momentum/);
    expect(weight(model)).toBe(0);
  });
});
