import { type Hooks, type Logs, type Moment, OptionError, type Weight } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type EarlyStoppingOptions, earlyStopping } from '../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

let weight: Weight;
const open: Hooks[] = [];
const start = (options: EarlyStoppingOptions): Hooks => {
  weight = {
    variable: tf.variable(tf.scalar(0)),
    path: 'w',
    layer: 'w',
    role: 'kernel',
    fanInAxes: [],
    trainable: true,
  };
  const hooks = earlyStopping(options).setup({ host: 'fit', site: 0 });
  open.push(hooks);
  return hooks;
};
afterEach(() => {
  for (const hooks of open.splice(0)) hooks.dispose?.();
  weight?.variable.dispose();
});

/** Goes through the epochs; the weight is the number of the epoch. Gives the epoch at which it stopped. */
function run(hooks: Hooks, values: readonly number[], log = 'valLoss'): number | undefined {
  for (const [epoch, value] of values.entries()) {
    tf.tidy(() => weight.variable.assign(tf.scalar(epoch)));
    const logs: Logs = { [log]: value };
    if (hooks.epochEnd?.(logs, [weight], { epoch } as Moment)?.stop !== undefined) return epoch;
  }
  return undefined;
}
const best = (hooks: Hooks): number | undefined =>
  [...(hooks.end?.([weight]) ?? [])].map(([, t]) => t.dataSync()[0])[0];

describe('when it stops', () => {
  // Keras: stop at the patience-th epoch in a row without improvement
  test.each<[string, EarlyStoppingOptions, number[], number | undefined]>([
    ['patience 0: at the first epoch that is no better', { patience: 0 }, [3, 2, 2, 1], 2],
    ['patience 2: at the second in a row', { patience: 2 }, [3, 1, 2, 2, 0], 3],
    ['an improvement starts the count again', { patience: 2 }, [3, 4, 2, 4, 1, 4], undefined],
    ['less than minDelta is no improvement', { patience: 2, minDelta: 0.5 }, [3, 2.6, 2.8, 1], 2],
    ['the baseline must be beaten', { patience: 2, baseline: 1 }, [3, 2, 0.5], 1],
    ['mode max', { patience: 1, mode: 'max' }, [1, 2, 1], 2],
    ['NaN is no improvement', { patience: 2 }, [1, Number.NaN, Number.NaN], 2],
  ])('%s', (_, options, values, expected) => expect(run(start(options), values)).toBe(expected));

  test('auto takes more for accuracy, less for loss', () => {
    expect(run(start({ monitor: 'valAccuracy', patience: 1 }), [0.5, 0.6, 0.7], 'valAccuracy')).toBeUndefined();
    expect(run(start({ monitor: 'loss', patience: 1 }), [0.5, 0.6], 'loss')).toBe(1);
  });
});

describe('what it gives back', () => {
  test('the weights of the best epoch', () => {
    const hooks = start({ patience: 2 });
    run(hooks, [3, 1, 2, 2]);
    expect(best(hooks)).toBe(1);
  });
  test('nothing, when told so or when no epoch ended', () => {
    const hooks = start({ restoreBest: false, patience: 2 });
    run(hooks, [3, 1, 2]);
    expect(best(hooks)).toBeUndefined();
    expect(best(start({}))).toBeUndefined();
  });
  test('dispose lets go of every tensor', () => {
    const hooks = start({ patience: 9 });
    const before = tf.memory().numTensors;
    run(hooks, [3, 2, 1]);
    hooks.dispose?.();
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('its state, put into another, goes on from there', () => {
  const first = start({ patience: 2 });
  run(first, [3, 1, 2]);
  const second = earlyStopping({ patience: 2 }).setup({ host: 'fit', site: 0 });
  open.push(second);
  const state = first.state!();
  second.restore!({ tensors: state.tensors, values: JSON.parse(JSON.stringify(state.values)) });
  expect(best(second)).toBe(1);
  expect(second.epochEnd!({ valLoss: 2 }, [weight], { epoch: 3 } as Moment)?.stop).toMatch(/on 1 for 2 epochs/);
});

test('a monitor that is not logged is refused', () => {
  expect(() => run(start({ monitor: 'f1' }), [1])).toThrow(OptionError);
});
