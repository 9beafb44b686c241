import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { definePlugin, type Hooks, PluginError, type RandomKey, type TrainingPlugin } from '../../src/index.ts';
import { attach } from '../../src/stock.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const plugin = (setup: () => Hooks): TrainingPlugin => definePlugin({ name: 'probe', options: {}, setup })();
const net = () =>
  tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'ones' })] });
const fit = (model: tf.LayersModel, args: tf.ModelFitArgs) =>
  model.fit(tf.ones([8, 2]), tf.zeros([8, 1]), { batchSize: 4, verbose: 0, ...args });

/** A plugin that remembers, and what it saw at each update: `updates of this set-up, step, epoch`. */
function remembering() {
  const seen: string[] = [];
  const keys: RandomKey[] = [];
  const life = { setups: 0, ends: 0, disposed: 0 };
  const probe = plugin(() => {
    let n = 0;
    life.setups++;
    return {
      beforeUpdate(_, at) {
        seen.push(`${n++} ${at.step} ${at.epoch}`);
        keys.push(at.key());
      },
      end: () => void life.ends++,
      dispose: () => void life.disposed++,
    };
  });
  return { probe, seen, keys, life };
}

/** An attachment that remembers, and its fits. */
function attached(seed?: number) {
  const { probe, ...rest } = remembering();
  const model = net();
  const reg = attach(model, { optimizer: tf.train.sgd(0.01), ...(seed !== undefined && { seed }) }, probe);
  model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
  return { model, reg, fit: (args: tf.ModelFitArgs) => fit(model, { callbacks: reg.callback, ...args }), ...rest };
}

describe('a fit is a run', () => {
  test('it begins afresh: plugins, step and epoch', async () => {
    const { fit, seen, life, reg } = attached();
    await fit({ epochs: 2 });
    await fit({ epochs: 1 });
    expect(seen).toEqual(['0 0 0', '1 1 0', '2 2 1', '3 3 1', '0 0 0', '1 1 0']);
    expect(life).toEqual({ setups: 2, ends: 2, disposed: 1 });
    reg.dispose();
    expect(life).toEqual({ setups: 2, ends: 2, disposed: 2 });
  });

  test('with initialEpoch it goes on', async () => {
    const { fit, seen, life } = attached();
    for (const initialEpoch of [0, 1, 2]) await fit({ initialEpoch, epochs: initialEpoch + 1 });
    expect(seen).toEqual(['0 0 0', '1 1 0', '2 2 1', '3 3 1', '4 4 2', '5 5 2']);
    expect(life.setups).toBe(1);
  });

  test('a fit that failed leaves nothing to the next', async () => {
    const { reg, fit, seen, life } = attached();
    const failing = new tf.CustomCallback({ onEpochEnd: () => Promise.reject(new Error('no')) });
    await expect(fit({ epochs: 2, callbacks: [reg.callback, failing] })).rejects.toThrow('no');
    await fit({ epochs: 1 });
    expect(seen).toEqual(['0 0 0', '1 1 0', '0 0 0', '1 1 0']);
    expect(life).toEqual({ setups: 2, ends: 1, disposed: 1 });
  });

  test('a fit without the callback after one that failed is told that it needs it', async () => {
    const { model, reg, fit, life } = attached();
    const failing = new tf.CustomCallback({ onEpochEnd: () => Promise.reject(new Error('no')) });
    await expect(fit({ epochs: 2, callbacks: [reg.callback, failing] })).rejects.toThrow('no');
    await expect(fit({ epochs: 1, callbacks: [] })).rejects.toThrow('which needs the attached callback');
    expect(life.ends).toBe(0);
    expect(Object.getOwnPropertyDescriptor(model, 'isTraining')).toMatchObject({ value: false, writable: true });
    reg.dispose();
    expect(life.ends).toBe(1);
  });

  test.each([7, undefined])('with seed %s each draws other random numbers', async seed => {
    const { fit, keys } = attached(seed);
    for (const epochs of [1, 1, 1]) await fit({ epochs });
    const first = keys.filter(({ step }) => step === 0).map(key => key.seed);
    expect(new Set(first).size).toBe(3);
    for (const each of first) expect(Number.isSafeInteger(each) && each >= 0).toBe(true);
    if (seed !== undefined) expect(first[0]).toBe(seed);
  });

  test('the same seed, the same fits: the same random numbers', async () => {
    const [a, b] = [attached(7), attached(7)];
    for (const { fit } of [a, b]) for (const epochs of [1, 2]) await fit({ epochs });
    expect(a.keys).toEqual(b.keys);
  });
});

describe('the callback', () => {
  const stop = (): TrainingPlugin =>
    plugin(() => ({ epochEnd: (_, __, at) => (at.epoch === 1 ? { stop: 'enough' } : {}) }));
  const early = () => tf.callbacks.earlyStopping({ monitor: 'loss', patience: 5 });

  test.each<[string, (own: tf.Callback, logs: string[]) => unknown]>([
    ['alone', own => own],
    ['before one of TF.js', own => [own, early()]],
    ['behind one of TF.js', own => [early(), own]],
    [
      'beside hooks in a CustomCallback',
      (own, logs) => [own, new tf.CustomCallback({ onEpochEnd: (_, l) => void logs.push(...Object.keys(l ?? {})) })],
    ],
    [
      'behind plain hooks',
      (own, logs) => [{ onEpochEnd: (_: number, l: object) => void logs.push(...Object.keys(l)) }, own],
    ],
  ])('%s', async (_, callbacks) => {
    const model = net();
    const reg = attach(model, tf.train.sgd(0.01), stop());
    model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
    const logs: string[] = [];
    const { epoch, history } = await fit(model, {
      epochs: 9,
      callbacks: callbacks(reg.callback, logs) as tf.Callback[],
    });
    expect(epoch).toEqual([0, 1]);
    expect(history.loss?.every(value => typeof value === 'number')).toBe(true);
    expect(logs).toEqual(logs.length ? ['loss', 'loss'] : []);
  });

  test('stops the model that trains, which may have the attached one in it', async () => {
    const base = net();
    const whole = tf.sequential({ layers: [base, tf.layers.dense({ units: 1 })] });
    const reg = attach(base, tf.train.sgd(0.01), stop());
    whole.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
    const { epoch } = await fit(whole, { epochs: 9, callbacks: reg.callback });
    expect(epoch).toEqual([0, 1]);
  });

  test.each<[string, (own: tf.Callback) => unknown]>([
    ['known to it', own => own],
    ['taken for plain hooks, at the end of the epoch', own => [{}, own]],
  ])('a model that was not compiled with the optimizer is refused: %s', async (_, callbacks) => {
    const model = net();
    const inner = tf.train.sgd(0.01);
    const reg = attach(model, inner, stop());
    model.compile({ optimizer: inner, loss: 'meanSquaredError' });
    const fitting = fit(model, { epochs: 2, callbacks: callbacks(reg.callback) as tf.Callback });
    await expect(fitting).rejects.toThrow(PluginError);
    await expect(fitting).rejects.toThrow(/compile\(\{ optimizer: reg.optimizer/);
  });

  test.each<[string, tf.ModelFitArgs, string | undefined]>([
    ['without validation data', {}, 'valLoss'],
    ['with some', { validationSplit: 0.25 }, undefined],
  ])(
    'a log that is monitored and will not be there is refused before the first update: %s',
    async (_, args, missing) => {
      const model = net();
      const reg = attach(
        model,
        tf.train.sgd(0.01),
        plugin(() => ({ monitors: () => ['valLoss'], epochEnd: () => undefined })),
      );
      model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
      const before = model.getWeights().map(w => [...w.dataSync()]);
      const fitting = fit(model, { epochs: 1, callbacks: reg.callback, ...args });
      if (missing === undefined) await fitting;
      else {
        await expect(fitting).rejects.toThrow(new RegExp(`${missing}.*validation`, 's'));
        expect(model.getWeights().map(w => [...w.dataSync()])).toEqual(before);
      }
    },
  );
});
