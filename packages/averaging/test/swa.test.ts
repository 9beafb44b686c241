import { definePlugin } from '@keepprob/core';
import { linear } from '@keepprob/core/schedules';
import { attach } from '@keepprob/core/stock';
import { conformance } from '@keepprob/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it, test } from 'vitest';
import { annealed, runningMean, type SwaOptions, swa } from '../src/index.ts';
import { close, five, loss, network, recorder, train, values } from './network.ts';

/** The mean of the weights after some of the five steps. */
const meanOf = (steps: number[][][], picked: number[]): number[][] =>
  steps[0]!.map((w, i) => w.map((_, j) => picked.reduce((sum, s) => sum + steps[s]![i]![j]! / picked.length, 0)));

describe('the mean of the weights', () => {
  // Izmailov et al. 2018, algorithm 1: at the end of every cth epoch
  test.each<[SwaOptions, number[]]>([
    [{ startEpoch: 2 }, [2, 3, 4]],
    [{ startEpoch: 1, every: { epochs: 2 } }, [2, 4]],
    [{ startEpoch: 0, every: { epochs: 3 } }, [2]],
    [{ startEpoch: 3, evaluate: true }, [3, 4]],
    [{ startEpoch: 1, every: { epochs: 2 }, evaluate: true }, [2, 4]],
  ])('%j: those at the ends of epochs %j', async (options, picked) => {
    const { model, x, y } = network();
    const { plugin, steps } = recorder();
    await train(model, { x, y }, { plugins: [plugin, swa(options)], validation: { x, y } });
    close(values(model), meanOf(steps, picked));
  });
  test('in stock fit: one with initialEpoch goes on with the mean, any other begins one of its own', async () => {
    const { model, x, y } = network();
    const { plugin, steps } = recorder();
    const reg = attach(model, tf.train.sgd(0.1), plugin, swa({ startEpoch: 1 }));
    model.compile({ optimizer: reg.optimizer, loss });
    const fits = { ...five, verbose: 0 as const, callbacks: reg.callback };
    await model.fit(x, y, { ...fits, epochs: 3 });
    close(values(model), meanOf(steps, [1, 2]));
    await model.fit(x, y, { ...fits, initialEpoch: 3, epochs: 5 });
    close(values(model), meanOf(steps, [1, 2, 3, 4]));
    await model.fit(x, y, { ...fits, epochs: 2 });
    close(values(model), meanOf(steps, [6]));
    reg.dispose();
  });
  test('a run that ends before startEpoch keeps its weights', async () => {
    const { model, x, y } = network();
    const { plugin, steps } = recorder();
    await train(model, { x, y }, { plugins: [plugin, swa({ startEpoch: 9 })] });
    expect(values(model)).toEqual(steps.at(-1));
  });
  test('evaluate: valLoss is that of the mean, this epoch included', async () => {
    const { model, x, y } = network();
    const { plugin, steps } = recorder();
    const run = await train(
      model,
      { x, y },
      { plugins: [plugin, swa({ startEpoch: 3, evaluate: true })], validation: { x, y } },
    );
    const lossAt = (weights: number[][]): number => {
      const { model: other } = network();
      other.setWeights(weights.map((w, i) => tf.tensor(w, other.getWeights()[i]!.shape)));
      return loss(y, other.predict(x) as tf.Tensor).dataSync()[0]!;
    };
    expect(run.history.valLoss![2]).toBeCloseTo(lossAt(steps[2]!), 5);
    expect(run.history.valLoss![4]).toBeCloseTo(lossAt(meanOf(steps, [3, 4])), 5);
  });
  test('state and restore: a run that goes on has the same mean', () => {
    const { model } = network();
    const { setup } = swa({ startEpoch: 0 });
    const weight = { variable: tf.variable(tf.scalar(0)), path: 'w', trainable: true } as never;
    const end = (hooks: ReturnType<typeof setup>, epoch: number): void => {
      tf.tidy(() => (weight as { variable: tf.Variable }).variable.assign(tf.scalar(epoch ** 3)));
      hooks.epochEnd!({}, [weight], { epoch, step: epoch } as never);
    };
    const [first, second] = [setup({ host: 'fit', site: 0 }), setup({ host: 'fit', site: 0 })];
    for (const epoch of [0, 1]) end(first, epoch);
    const { tensors, values } = first.state!();
    second.restore!({ tensors, values: JSON.parse(JSON.stringify(values)) });
    for (const epoch of [1, 2]) end(second, epoch);
    expect([...second.end!([weight])!].map(([, t]) => t.dataSync()[0])).toEqual([3]);
    for (const hooks of [first, second]) hooks.dispose!();
    model.dispose();
  });
  test('runningMean', () => {
    expect([...runningMean(tf.tensor1d([2]), tf.tensor1d([8]), 3).dataSync()]).toEqual([4]);
  });
});

describe('its learning rate', () => {
  const rates = async (options: Omit<SwaOptions, 'startEpoch'>): Promise<number[]> => {
    const { model, x, y } = network();
    const seen: number[] = [];
    const watch = definePlugin<object>({
      name: 'watch',
      options: {},
      setup: () => ({ beforeUpdate: (_, at) => void seen.push(+at.learningRate.toFixed(6)) }),
    });
    await train(model, { x, y }, { plugins: [watch(), swa({ startEpoch: 2, ...options })] });
    return seen;
  };
  test.each<[string, Omit<SwaOptions, 'startEpoch'>, number[]]>([
    ['none: as it was', {}, [0.1, 0.1, 0.1, 0.1, 0.1]],
    ['from startEpoch on', { learningRate: 0.05 }, [0.1, 0.1, 0.05, 0.05, 0.05]],
    // (1 − cos π/3) / 2 = ¼, (1 − cos 2π/3) / 2 = ¾ of the way from .1 to .02
    ['annealed over three epochs', { learningRate: 0.02, annealEpochs: 3 }, [0.1, 0.1, 0.1, 0.08, 0.04]],
    ['a schedule', { learningRate: linear({ from: 0.5, to: 0.1, steps: 4 }) }, [0.1, 0.1, 0.3, 0.2, 0.1]],
    ['cycles', { learningRate: at => (at.epoch % 2 ? 0.01 : 0.2) }, [0.1, 0.1, 0.2, 0.01, 0.2]],
  ])('%s', async (_, options, expected) => expect(await rates(options)).toEqual(expected));
  test('annealed', () => {
    expect([0, 1, 2, 3].map(k => annealed(1, 0, k, 3)).map(r => +r.toFixed(6))).toEqual([1, 0.75, 0.25, 0]);
    expect(annealed(1, 0.5, 0, 0)).toBe(0.5);
  });
});

conformance(
  { describe, it },
  {
    kind: 'training',
    name: 'swa before its first epoch',
    create: swa,
    options: { startEpoch: 100 },
    variants: [
      { startEpoch: 101 },
      { startEpoch: 100, every: { epochs: 2 } },
      { startEpoch: 100, learningRate: 0.1 },
      { startEpoch: 100, annealEpochs: 1 },
      { startEpoch: 100, evaluate: true },
    ],
    bad: [],
    neutral: true,
  },
);
