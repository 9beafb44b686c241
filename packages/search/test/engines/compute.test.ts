import { definePlugin, OptionError, option, weightsOf } from '@keepprob/core';
import { dropout } from '@keepprob/dropout';
import { earlyStopping } from '@keepprob/stopping';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Job, Task, Training, Trial, TrialContext } from '../../src/contract.ts';
import { disposeArrays, rowsOf, tensorsOf } from '../../src/data/table.ts';
import { compute } from '../../src/engines/compute.ts';
import { inProcess } from '../../src/engines/inProcess.ts';
import { TrialError } from '../../src/errors.ts';
import { fitted } from '../../src/splits/scaling.ts';
import { during, jobOf, module, taskOf } from '../support/tasks.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Initializers without seeds, as most people write it. */
const trial =
  (more: Partial<Training['options']> = {}): Trial =>
  () => ({
    model: tf.sequential({
      layers: [
        tf.layers.dense({ units: 6, activation: 'relu', inputShape: [4] }),
        dropout({ keepProb: 0.8 }),
        tf.layers.dense({ units: 2, activation: 'softmax' }),
      ],
    }),
    options: {
      loss: 'categoricalCrossentropy',
      optimizer: tf.train.adam(0.05),
      epochs: 4,
      batchSize: 16,
      metrics: ['accuracy'],
      ...more,
    },
  });

const run = async (of: Trial, more: Partial<Task> = {}, job: Job = jobOf({})) =>
  compute(of, await taskOf(of, more), job, during());

describe('a unit', () => {
  test('is what fit comes to on the rows of the fold, to the bit', async () => {
    const seeded: Trial = (_, { seed }) => {
      const kernelInitializer = tf.initializers.glorotUniform({ seed });
      const layers = [
        tf.layers.dense({ units: 2, activation: 'softmax', inputShape: [4], kernelInitializer }),
        dropout({ keepProb: 0.5 }),
      ];
      return {
        model: tf.sequential({ layers }),
        options: { loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1), epochs: 3, metrics: ['accuracy'] },
      };
    };
    for (const scale of ['unit', null] as const) {
      const task = await taskOf(seeded, { metric: 'valAccuracy', scale });
      const result = await compute(seeded, task, jobOf({}, 1, 11), during());
      const split = task.splits[1];
      if (!split) return expect.unreachable();
      const parts = { train: rowsOf(task.table, split.train), validation: rowsOf(task.table, split.validation) };
      const { train, validation } = scale ? fitted(scale, parts) : parts;
      const [data, held] = [tensorsOf(train), tensorsOf(validation)];
      const { model, options } = (await seeded({}, { seed: 11 } as TrialContext)) as Training;
      const { history } = await fit(model, data, { ...options, seed: 11, validation: held, progress: false });
      expect(result).toMatchObject({
        ...{ trial: 0, fold: 1, seed: 11, epochs: 3, backend: 'cpu' },
        ...{ value: history.valAccuracy?.[2], train: history.cleanAccuracy?.[2], curve: history.valAccuracy },
      });
      [data, held].forEach(disposeArrays);
    }
  });

  test('of so many epochs is that of plain training for as many: what watches its validation rows takes no part', async () => {
    const plugins = [earlyStopping({ patience: 1, minDelta: 10 })];
    const stopped = await run(trial({ plugins }));
    const fixed = await run(trial({ plugins, epochs: 9 }), {}, { ...jobOf({}), epochs: 4 });
    const plain = await run(trial());
    expect(stopped.curve.length).toBeLessThan(4);
    expect({ ...fixed, seconds: 0 }).toEqual({ ...plain, seconds: 0 });
  });

  test('has the same weights for the same seed, though its initializers have none, and other ones for another', async () => {
    const { random } = Math;
    const value = async (seed: number) => (await run(trial(), {}, jobOf({}, 0, seed))).value;
    expect(await value(3)).toBe(await value(3));
    expect(await value(4)).not.toBe(await value(3));
    expect(Math.random).toBe(random);
  });

  test('counts the epoch that early stopping gives back', async () => {
    const plugins = [earlyStopping({ patience: 2 })];
    const { value, epochs, curve } = await run(trial({ epochs: 60, optimizer: tf.train.adam(0.3), plugins }));
    expect(curve.length).toBeLessThan(60);
    expect(epochs).toBe(curve.length - 2);
    expect(value).toBe(Math.min(...curve));
  });

  test('counts the last epoch where its weights stay, also where an earlier one was better', async () => {
    const { value, epochs, curve } = await run(trial({ epochs: 30, optimizer: tf.train.adam(0.5) }));
    expect(epochs).toBe(30);
    expect(value).toBe(curve[29]);
    expect(Math.min(...curve)).toBeLessThan(value);
  });

  test('may be a number that the trial measured by itself, on the rows that it is lent', async () => {
    const seen: number[] = [];
    const own: Trial = (_, { train, validation, split, fold }) => {
      for (const { x } of [train, validation]) seen.push((x as tf.Tensor).shape[0] ?? 0);
      expect([split.train.length, split.validation.length]).toEqual(seen);
      return fold + 0.5;
    };
    await expect(run(own, {}, jobOf({}, 2))).resolves.toMatchObject({ value: 2.5, train: null, epochs: 1, curve: [] });
    expect(seen).toEqual([27, 13]);
  });

  test('leaves no tensor, however it ends', async () => {
    const abort = new AbortController();
    const stopping = definePlugin({ name: 'stopping', options: {}, setup: () => ({ epochEnd: () => abort.abort() }) });
    const broken = definePlugin({
      name: 'broken',
      options: { at: option.number() },
      setup: () => ({
        penalty: () => {
          throw new RangeError('no');
        },
      }),
    });
    const task = await taskOf(trial());
    const once = (of: Trial, signal = new AbortController().signal) =>
      compute(of, task, jobOf({}), { signal }).catch(() => undefined);
    const made: tf.Variable[] = [];
    const keeping: Trial = (...at) => {
      const training = trial()(...at) as Training;
      made.push(...weightsOf(training.model).map(({ variable }) => variable as tf.Variable));
      return training;
    };
    await once(trial());
    const before = tf.memory().numTensors;
    await once(keeping);
    await once(trial({ plugins: [broken({ at: 1 })] }));
    await once(trial({ plugins: [stopping()] }), abort.signal);
    await once(trial({ plugins: [earlyStopping()] }));
    await once(trial({ loss: 'nothing' }));
    await once(() => 1);
    await once(() => {
      throw new Error('no');
    });
    expect(tf.memory().numTensors).toBe(before);
    expect(made.length).toBeGreaterThan(0);
    expect(made.every(({ isDisposed }) => isDisposed)).toBe(true);
  });
});

describe('a unit that fails', () => {
  const failures: readonly [string, Trial, string][] = [
    [
      'a trial that throws',
      () => {
        throw new RangeError('no such layer');
      },
      'no such layer',
    ],
    ['one that throws no error', () => Promise.reject('no'), 'no'],
    ['NaN', () => Number.NaN, 'valLoss is NaN'],
    ['Infinity', () => Infinity, 'valLoss is Infinity'],
    ['nothing', () => undefined as never, 'a trial returns { model, options }'],
    ['a model alone', () => ({ model: tf.sequential() }) as never, 'a trial returns { model, options }'],
    ['a training that diverges', trial({ optimizer: tf.train.sgd(1e30) }), 'the cost J is NaN'],
    ['options that fit does not take', trial({ batchSize: 0 }), 'batchSize'],
  ];
  test.each(failures)('%s', async (_, of, message) => {
    const failed = run(of);
    await expect(failed).rejects.toThrow(TrialError);
    await expect(failed).rejects.toThrow(message);
  });

  test('by a metric that it does not report: the error lists those that it does', async () => {
    await expect(run(trial(), { metric: 'valRecall' })).rejects.toThrow(/valAccuracy.*valRecall/s);
  });

  test('by an abort rejects with its reason', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const stopping = definePlugin({
      name: 'stopping',
      options: {},
      setup: () => ({ epochEnd: () => abort.abort(reason) }),
    });
    const of = trial({ plugins: [stopping()], epochs: 1000 });
    await expect(compute(of, await taskOf(of), jobOf({}), during(abort))).rejects.toBe(reason);
  });
});

describe('this process', () => {
  test('takes a function or a module', async () => {
    const pool = await inProcess().open(await taskOf(module('trial')));
    expect(pool.size).toBe(1);
    await expect(pool.run(jobOf({ keep: 1 }), during())).resolves.toMatchObject({ epochs: 2 });
    await pool.close();
  });

  test.each(['missing', 'nothing'])('refuses a module that is no trial: %s', async name => {
    await expect(inProcess().open(await taskOf(module(name)))).rejects.toThrow(OptionError);
  });
});
