import { type Hooks, type Moment, OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { type ReduceOnPlateauOptions, reduceOnPlateau, terminateOnNaN } from '../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const start = (options: ReduceOnPlateauOptions): Hooks => reduceOnPlateau(options).setup({ host: 'fit', site: 0 });

/** The learning rate after each epoch, from 1. */
function rates(hooks: Hooks, losses: readonly number[], from = 1): number[] {
  let learningRate = from;
  return losses.map((valLoss, epoch) => {
    learningRate = hooks.epochEnd!({ valLoss }, [], { epoch, learningRate } as Moment)?.learningRate ?? learningRate;
    return learningRate;
  });
}
const half = { factor: 0.5, patience: 2, minDelta: 0 };

// by hand, from Keras' rule
test.each<[string, ReduceOnPlateauOptions, number[], number[]]>([
  ['at the second epoch without improvement', half, [3, 3, 3, 3, 3], [1, 1, 0.5, 0.5, 0.25]],
  ['an improvement starts the count again', half, [3, 3, 2, 2, 2], [1, 1, 1, 1, 0.5]],
  ['minDelta', { ...half, minDelta: 1 }, [3, 2.5, 2, 1.9], [1, 1, 0.5, 0.5]],
  [
    'cooldown 2: the last cooling epoch counts',
    { ...half, cooldown: 2 },
    [3, 3, 3, 3, 3, 3],
    [1, 1, 0.5, 0.5, 0.5, 0.25],
  ],
  ['never below the minimum', { ...half, patience: 1, minLearningRate: 0.3 }, [3, 3, 3, 3], [1, 0.5, 0.3, 0.3]],
  ['NaN is no improvement', half, [3, Number.NaN, Number.NaN], [1, 1, 0.5]],
])('%s', (_, options, losses, expected) => expect(rates(start(options), losses)).toEqual(expected));

test.each([
  ['a metric that is better when higher, by its name', { monitor: 'valAccuracy' }],
  ['any metric, when told', { monitor: 'valScore', mode: 'max' as const }],
])('%s', (_, options) => {
  const hooks = start({ ...half, ...options });
  const at = (epoch: number): Moment => ({ epoch, learningRate: 1 }) as Moment;
  const given = [0.5, 0.6, 0.7, 0.6, 0.6].map((v, i) => hooks.epochEnd!({ [options.monitor]: v }, [], at(i)));
  expect(given.map(v => v?.learningRate)).toEqual([undefined, undefined, undefined, undefined, 0.5]);
});

test('its state, put into another, goes on from there', () => {
  const [first, second] = [start(half), start(half)];
  rates(first, [3, 3]);
  second.restore!(JSON.parse(JSON.stringify(first.state!())));
  expect(rates(second, [3])).toEqual([0.5]);
});

test('bad options and a monitor that is not logged are refused', () => {
  for (const bad of [{ factor: 1 }, { factor: 0 }, { patience: -1 }, { minDelta: -1 }, { cooldown: 0.5 }])
    expect(() => reduceOnPlateau(bad)).toThrow(OptionError);
  expect(() => rates(start({ monitor: 'f1' }), [1])).toThrow(/valLoss/);
});

test('terminateOnNaN names the log that is not finite', () => {
  const { epochEnd } = terminateOnNaN().setup({ host: 'fit', site: 0 });
  expect(epochEnd!({ loss: 1 }, [], { epoch: 0 } as Moment)).toBeUndefined();
  expect(epochEnd!({ loss: 1, valLoss: Number.NaN }, [], { epoch: 2 } as Moment)?.stop).toBe(
    'valLoss is NaN (epoch 3)',
  );
});
