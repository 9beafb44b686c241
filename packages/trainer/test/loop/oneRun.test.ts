/** One run at a time trains a model, and its end comes when the model is done. */
import { ema, swa } from '@keepprob/averaging';
import { OptionError, type Plugins } from '@keepprob/core';
import { earlyStopping } from '@keepprob/stopping';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { type FitOptions, fit } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const line = () =>
  tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [1], useBias: false, kernelInitializer: 'zeros' })],
  });
const data = () => ({ x: tf.ones([8, 1]), y: tf.ones([8, 1]) });
const options = (more: Partial<FitOptions> = {}): FitOptions => ({
  loss: 'meanSquaredError',
  optimizer: tf.train.sgd(0.9),
  progress: false,
  ...more,
});
const numbers = (model: tf.LayersModel) => model.getWeights().flatMap(w => [...w.dataSync()]);

describe('two runs of one model', () => {
  test('begun without waiting for the first: refused, the first trains as alone', async () => {
    const [model, alone] = [line(), line()];
    const first = fit(model, data(), options());
    const second = fit(model, data(), options({ epochs: 50 }));
    await expect(second).rejects.toThrow(OptionError);
    await expect(second).rejects.toThrow(/is already being trained.*Await/);
    await first;
    await fit(alone, data(), options());
    expect(numbers(model)).toEqual(numbers(alone));
  });
  test('in a listener of the first, and in stock fit', async () => {
    const model = line();
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const refused: unknown[] = [];
    const note = (error: unknown) => void refused.push(error);
    const { x, y } = data();
    await fit(
      model,
      data(),
      options({
        listeners: [
          async ({ type }) => {
            if (type !== 'step') return;
            await fit(model, data(), options()).catch(note);
            await model.fit(x, y, { verbose: 0 }).catch(note);
          },
        ],
      }),
    );
    expect(refused.map(error => (error as Error).message)).toEqual([
      expect.stringMatching(/already being trained/),
      expect.stringMatching(/another fit\(\) call is ongoing/),
    ]);
  });
  test('beside stock fit: refused', async () => {
    const model = line();
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const { x, y } = data();
    const stock = model.fit(x, y, { verbose: 0 });
    await expect(fit(model, data(), options())).rejects.toThrow(/already being trained/);
    await stock;
  });
  test.each<[string, Partial<FitOptions>]>([
    ['done', {}],
    ['refused', { epochs: 0 }],
    ['failed', { listeners: [() => Promise.reject(new Error('no'))] }],
  ])('one after the other, the first %s: both may', async (_, more) => {
    const model = line();
    await fit(model, data(), options(more)).catch(() => undefined);
    await fit(model, data(), options());
  });
});

describe('at the event end the final weights are in place', () => {
  const dev = () => ({ x: tf.ones([8, 1]), y: tf.zeros([8, 1]) });
  test.each<[string, Plugins]>([
    ['of the best epoch', earlyStopping({ patience: 9 })],
    ['averaged', ema(0.5)],
    ['averaged over epochs', swa({ startEpoch: 0 })],
    ['as trained', []],
  ])('%s', async (_, plugin) => {
    const model = line();
    let told: number[] | undefined;
    let saved: number[] | undefined;
    await fit(
      model,
      data(),
      options({
        epochs: 3,
        validation: dev(),
        plugins: [plugin],
        progress({ type }) {
          if (type === 'end') told = numbers(model);
        },
        listeners: [
          ({ type, weights }) => {
            if (type === 'end') saved = weights?.flatMap(w => [...w.variable.dataSync()]);
          },
        ],
      }),
    );
    expect([told, saved]).toEqual([numbers(model), numbers(model)]);
  });
  test('plugins are asked once, also where a listener fails at the end', async () => {
    const end = vi.fn();
    const plugin = { name: 'ends', apiVersion: 1, config: null, setup: () => ({ end }) } as const;
    const listeners = [
      ({ type }: { type: string }) => (type === 'end' ? Promise.reject(new Error('full')) : undefined),
    ];
    await expect(fit(line(), data(), options({ plugins: [plugin], listeners }))).rejects.toThrow('full');
    expect(end).toHaveBeenCalledTimes(1);
  });
});
