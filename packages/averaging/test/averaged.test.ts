/** Looking at a model through its averaged weights, and what other plugins see of them. */
import { chain, type Hooks, type Moment, masked, PluginError, weightsOf } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import { earlyStopping } from '@keepprob/stopping';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { averaged, ema, swa } from '../src/index.ts';
import { close, five, loss, network, recorder, train, values } from './network.ts';

/** What ema(.5) without debias is after each of the steps. */
function averagesOf(steps: number[][][]): number[][][] {
  let e = values(network().model);
  return steps.map(step => {
    e = e.map((w, i) => w.map((v, j) => 0.5 * v + 0.5 * step[i]![j]!));
    return e;
  });
}
const half = { decay: 0.5, start: 'initial' } as const;

describe('averaged', () => {
  test.each([
    ['no function', 'f', () => [network().model, 3]],
    ['nothing to run', 'f', () => [network().model]],
    ['no model', 'model', () => [3, () => 1]],
  ] as const)('%s: an error that says so, and nothing happens', async (_, option, args) => {
    const given: readonly unknown[] = args();
    const before = tf.memory().numTensors;
    await expect(Reflect.apply(averaged, undefined, [...given])).rejects.toMatchObject({ name: 'OptionError', option });
    expect(tf.memory().numTensors).toBe(before);
  });
  test('in stock fit, from a callback: the average inside, the trained weights after', async () => {
    const { model, x, y } = network();
    const { plugin, steps } = recorder();
    const reg = attach(model, tf.train.sgd(0.1), plugin, ema({ ...half, evaluate: false }));
    model.compile({ optimizer: reg.optimizer, loss });
    const seen: number[][][] = [];
    const onEpochEnd = async (epoch: number): Promise<void> => {
      const result = await averaged(model, async () => {
        await tf.nextFrame();
        seen.push(values(model));
        return epoch;
      });
      expect(result).toBe(epoch);
      expect(values(model)).toEqual(steps.at(-1));
    };
    await model.fit(x, y, { ...five, verbose: 0, callbacks: [reg.callback, new tf.CustomCallback({ onEpochEnd })] });
    for (const [i, average] of averagesOf(steps).entries()) close(seen[i]!, average);
    reg.dispose();
  });
  test('in fit, from a listener', async () => {
    const { model, x, y } = network();
    const { plugin, steps } = recorder();
    const seen: number[][][] = [];
    const progress = async ({ type }: { type: string }): Promise<void> => {
      if (type === 'step') seen.push(await averaged(model, () => values(model)));
    };
    await train(model, { x, y }, { plugins: [plugin, ema(half)], progress });
    for (const [i, average] of averagesOf(steps).entries()) close(seen[i]!, average);
  });
  test('the trained weights come back when it fails, and nothing leaks', async () => {
    const { model, x, y } = network();
    const reg = attach(model, tf.train.sgd(0.1), ema({ decay: 0.9, evaluate: false }));
    model.compile({ optimizer: reg.optimizer, loss });
    await model.fit(x, y, { ...five, verbose: 0, callbacks: reg.callback });
    tf.tidy(() => model.setWeights(model.getWeights().map(w => tf.add(w, 1))));
    const before = values(model);
    const tensors = tf.memory().numTensors;
    const failing = averaged(model, () => Promise.reject(new Error('no evaluation today')));
    await expect(failing).rejects.toThrow('no evaluation today');
    expect(values(model)).toEqual(before);
    expect(tf.memory().numTensors).toBe(tensors);
    reg.dispose();
  });
  test('two models trained by one plugin value each have their own', async () => {
    const plugin = ema({ ...half, evaluate: false });
    const both = [network(), network()].map(({ model, x, y }, i) => {
      const reg = attach(model, tf.train.sgd(0.1 * (i + 1)), plugin);
      model.compile({ optimizer: reg.optimizer, loss });
      return { model, reg, step: () => model.trainOnBatch(x, y), initial: values(model) };
    });
    const callback = (reg: (typeof both)[0]['reg']) => reg.callback.onTrainBegin();
    for (const { reg, step } of both) {
      callback(reg);
      await step();
    }
    for (const { model, initial, reg } of both) {
      const trained = values(model);
      close(
        await averaged(model, () => values(model)),
        initial.map((w, i) => w.map((v, j) => 0.5 * v + 0.5 * trained[i]![j]!)),
      );
      reg.dispose();
    }
  });
  test('goes on after a resumed run', async () => {
    const { model } = network();
    const weights = weightsOf(model);
    const at = { step: 0 } as Moment;
    const [first, second] = [ema(0.5), ema(0.5)].map(p => p.setup({ host: 'fit', site: 0 })) as [Hooks, Hooks];
    tf.tidy(() => first.afterUpdate!(weights, at));
    second.restore!(first.state!());
    first.dispose!();
    await expect(averaged(model, () => 1)).rejects.toThrow(PluginError);
    tf.tidy(() => second.afterUpdate!(weights, at));
    expect(await averaged(model, () => 1)).toBe(1);
    second.dispose!();
  });
  test('nothing to look at: no plugin, not yet, not any more', async () => {
    const { model, x, y } = network();
    const look = () => averaged(model, () => 1);
    await expect(look()).rejects.toThrow(PluginError);
    const reg = attach(model, tf.train.sgd(0.1), ema({ decay: 0.9, evaluate: false }));
    await expect(look()).rejects.toThrow(/no update has been averaged yet/);
    model.compile({ optimizer: reg.optimizer, loss });
    await model.fit(x, y, { ...five, verbose: 0, callbacks: reg.callback });
    expect(await look()).toBe(1);
    reg.dispose();
    await expect(look()).rejects.toThrow(/the run is over/);
  });
});

describe('beside early stopping', () => {
  // a validation loss that falls, then rises: labels turned round make training worse for it
  const data = () => {
    const { model, x, y } = network();
    return { model, x, y, validation: { x: tf.neg(x), y } };
  };
  test.each([
    ['before', () => [ema(half), earlyStopping({ patience: 2 })]],
    ['after', () => [earlyStopping({ patience: 2 }), ema(half)]],
    ['in a chain', () => [chain(earlyStopping({ patience: 2 }), ema(half))]],
    ['masked to everything', () => [masked(ema(half), () => true), earlyStopping({ patience: 2 })]],
  ])('ema %s it: the averaged weights that gave the best valLoss come back', async (_, plugins) => {
    const { model, x, y, validation } = data();
    const { plugin, steps } = recorder();
    const run = await train(model, { x, y }, { epochs: 30, validation: validation, plugins: [plugin, ...plugins()] });
    const { valLoss } = run.history;
    const best = valLoss!.indexOf(Math.min(...valLoss!));
    expect(best).toBeLessThan(valLoss!.length - 1);
    expect(run.stopped).toContain(`of epoch ${best + 1} `);
    close(values(model), averagesOf(steps)[best]!);
    expect(loss(y, model.predict(validation.x) as tf.Tensor).dataSync()[0]).toBeCloseTo(valLoss![best]!, 5);
  });
  test('ema and swa in one list: swa takes the mean of the trained weights, not of the averages', async () => {
    const { model, x, y } = data();
    const { plugin, steps } = recorder();
    await train(model, { x, y }, { plugins: [plugin, ema(half), swa({ startEpoch: 0 })] });
    const mean = steps[0]!.map((w, i) => w.map((_, j) => steps.reduce((sum, s) => sum + s[i]![j]! / steps.length, 0)));
    close(values(model), mean);
  });
});
