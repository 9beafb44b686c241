import { OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { type EarlyStoppingOptions, earlyStopping } from '../src/index.ts';
import { givenBack, logged, resumed, run, start } from './epochs.ts';

const stops = (options: EarlyStoppingOptions, values: readonly number[], log?: string): number | undefined =>
  run(start(earlyStopping(options)), logged(values, log))?.epoch;

describe('when it stops', () => {
  // Keras: stop at the patience-th epoch in a row without improvement
  test.each<[string, EarlyStoppingOptions, number[], number | undefined]>([
    ['patience 0: at the first epoch that is no better', { patience: 0 }, [3, 2, 2, 1], 2],
    ['patience 2: at the second in a row', { patience: 2 }, [3, 1, 2, 2, 0], 3],
    ['an improvement starts the count again', { patience: 2 }, [3, 4, 2, 4, 1, 4], undefined],
    ['less than minDelta is no improvement', { patience: 2, minDelta: 0.5 }, [3, 2.6, 2.8, 1], 2],
    ['nor is minDelta itself', { patience: 2, minDelta: 0.5 }, [3, 2.5, 2.5, 1], 2],
    [
      'short of the baseline the wait goes on, and an epoch that improves never stops',
      { patience: 2, baseline: 1 },
      [4, 3, 2, 2],
      3,
    ],
    ['below the baseline it starts again', { patience: 2, baseline: 1 }, [3, 2, 0.5, 0.6], undefined],
    [
      'a baseline of accuracy is beaten from below',
      { patience: 2, baseline: 0.5, mode: 'max' },
      [0.4, 0.6, 0.5],
      undefined,
    ],
    ['epochs before startEpoch are not waited for', { patience: 2, startEpoch: 3 }, [1, 2, 3, 4, 5, 6], 5],
    ['mode max', { patience: 1, mode: 'max' }, [1, 2, 1], 2],
    ['NaN is no improvement', { patience: 2 }, [1, Number.NaN, Number.NaN], 2],
  ])('%s', (_, options, values, expected) => expect(stops(options, values)).toBe(expected));

  test('auto takes more for accuracy, less for loss', () => {
    expect(stops({ monitor: 'valAccuracy', patience: 1 }, [0.5, 0.6, 0.7], 'valAccuracy')).toBeUndefined();
    expect(stops({ monitor: 'loss', patience: 1 }, [0.5, 0.6], 'loss')).toBe(1);
  });

  test.each<[EarlyStoppingOptions, number[], string]>([
    [{ patience: 2 }, [3, 1, 2, 2], 'valLoss did not improve on its 1 of epoch 2 for 2 epochs (epoch 4)'],
    [{ patience: 2, mode: 'max' }, [3, 1, 2], 'valLoss did not improve on its 3 of epoch 1 for 2 epochs (epoch 3)'],
    [{ patience: 2, baseline: 1 }, [3, 2, 2], 'valLoss did not beat the baseline 1 for 3 epochs (epoch 3)'],
    [{ patience: 1 }, [Number.NaN], 'valLoss was not a number for 1 epochs (epoch 1)'],
  ])('it says why, and which epoch was the best: %j', (options, values, text) => {
    expect(run(start(earlyStopping(options)), logged(values))?.stop).toBe(text);
  });
});

describe('what it gives back', () => {
  const after = (options: EarlyStoppingOptions, values: readonly number[]): number | undefined => {
    const hooks = start(earlyStopping(options));
    run(hooks, logged(values));
    return givenBack(hooks);
  };
  test('the weights of the best epoch, also when it was short of the baseline', () => {
    expect(after({ patience: 2 }, [3, 1, 2, 2])).toBe(1);
    expect(after({ patience: 2, baseline: 0 }, [3, 1, 2, 2])).toBe(1);
  });
  test('none of an epoch before startEpoch', () => {
    expect(after({ patience: 2, startEpoch: 2 }, [1, 2, 4, 3])).toBe(3);
  });
  test('nothing, when told so or when no epoch ended', () => {
    expect(after({ restoreBest: false, patience: 2 }, [3, 1, 2])).toBeUndefined();
    expect(after({}, [])).toBeUndefined();
  });
  test('the weights that were evaluated, where those are not the trained ones', () => {
    const hooks = start(earlyStopping({ patience: 2 }));
    run(hooks, logged([3, 1, 2, 2]), { evaluated: epoch => 100 + epoch });
    expect(givenBack(hooks)).toBe(101);
  });
  test('dispose lets go of every tensor', () => {
    const hooks = start(earlyStopping({ patience: 9 }));
    const before = tf.memory().numTensors;
    run(hooks, logged([3, 2, 1]));
    hooks.dispose?.();
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('its state, put into another, goes on from there', () => {
  const plugin = earlyStopping({ patience: 2 });
  const first = start(plugin);
  run(first, logged([3, 1, 2]));
  const second = resumed(first, plugin);
  expect(givenBack(second)).toBe(1);
  expect(run(second, logged([2]), { first: 3 })?.stop).toMatch(/its 1 of epoch 2 for 2 epochs/);
});

test('a monitor that is not logged is refused', () => {
  expect(() => stops({ monitor: 'f1' }, [1])).toThrow(OptionError);
  expect(() => stops({ monitor: 'f1', startEpoch: 5 }, [1])).toThrow(/valLoss/);
});
test.each([{ startEpoch: -1 }, { startEpoch: 0.5 }, { restoreBestWeights: true }])('%j is refused', bad => {
  expect(() => earlyStopping(bad as never)).toThrow(OptionError);
});
