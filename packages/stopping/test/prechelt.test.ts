/** Prechelt's three classes of criteria, against sequences worked out by hand from the paper's formulas. */
import { type Logs, OptionError, type TrainingPlugin } from '@keepprob/core';
import { describe, expect, test } from 'vitest';
import {
  generalizationLoss,
  stopOnGeneralizationLoss,
  stopOnIncreases,
  stopOnProgressQuotient,
  trainingProgress,
} from '../src/index.ts';
import { givenBack, logged, resumed, run, start } from './epochs.ts';

const stops = (plugin: TrainingPlugin, epochs: readonly Logs[], host?: 'stock'): number | undefined =>
  run(start(plugin, host), epochs)?.epoch;
const curves = (validation: readonly number[], train: readonly number[], name = 'cleanLoss'): Logs[] =>
  validation.map((valLoss, i) => ({ valLoss, [name]: train[i]! }));

test('GL is the excess over the lowest error in percent', () => {
  expect(generalizationLoss(1.1, 1)).toBeCloseTo(10, 10);
  expect(generalizationLoss(0.5, 0.5)).toBe(0);
  expect(generalizationLoss(0, 0)).toBe(0);
  expect(generalizationLoss(1, 0)).toBe(Number.POSITIVE_INFINITY);
});
test('P_k is the excess of the mean over the minimum in per mille', () => {
  // mean 1.2, minimum 1
  expect(trainingProgress([1.4, 1.2, 1])).toBeCloseTo(200, 9);
  expect(trainingProgress([0.3, 0.3, 0.3])).toBe(0);
  expect(trainingProgress([0, 0])).toBe(0);
});

describe('GL_α', () => {
  // lowest so far .5: .525 is 5 % above (not more than 5), .53 is 6 %
  test.each<[string, number, number[], number | undefined]>([
    ['the first epoch above α', 5, [1, 0.5, 0.52, 0.53, 0.4], 3],
    ['α itself does not stop', 100, [0.5, 1, 1.25], 2],
    ['the lowest error moves', 10, [1, 1.05, 0.9, 0.98, 1], 4],
    ['falling curves never stop', 1, [5, 4, 3, 2], undefined],
    ['an error of 0 cannot be matched but by 0', 5, [1, 0, 0, 0.01], 3],
    ['NaN is above everything', 5, [1, Number.NaN], 1],
  ])('%s', (_, alpha, values, expected) => {
    expect(stops(stopOnGeneralizationLoss(alpha), logged(values))).toBe(expected);
  });
  test('says by how much', () => {
    expect(run(start(stopOnGeneralizationLoss(5)), logged([0.5, 0.6]))?.stop).toBe(
      'valLoss is 20.0 % above its 0.5 of epoch 1 (epoch 2)',
    );
  });
});

describe('PQ_α', () => {
  // strips of two: training errors 3, 1 have mean 2, minimum 1, P = 1000; 1.02, 1 have P = 10
  const train = [3, 1, 1.02, 1, 1, 1];
  test.each<[string, number, number[], number[], number | undefined]>([
    // GL at the ends of strips: 20, then 20; quotients .02, then 2
    ['stops once training stalls', 1, [1, 1.2, 1.3, 1.2], train, 3],
    ['not below α', 2.1, [1, 1.2, 1.3, 1.2], train, undefined],
    ['looks at the ends of strips only', 1, [1, 1, 9, 1], train, undefined],
    ['without any progress every loss is too much', 100, [1, 1, 1, 1, 1, 1.001], train, 5],
    ['without loss it goes on', 0.01, [6, 5, 4, 3, 2, 1], train, undefined],
  ])('%s', (_, alpha, validation, errors, expected) => {
    expect(stops(stopOnProgressQuotient({ threshold: alpha, stripEpochs: 2 }), curves(validation, errors))).toBe(
      expected,
    );
  });
  test('strips of five by default', () => {
    const validation = [1, 2, 2, 2, 2, 2];
    expect(stops(stopOnProgressQuotient(0.5), curves(validation, [1, 1, 1, 1, 1, 1]))).toBe(4);
  });
  test('the training curve is cleanLoss in fit, loss in stock fit, or the one that is named', () => {
    const validation = [1, 1.2, 1.3, 1.2];
    const at = (plugin: TrainingPlugin, name: string, host?: 'stock') =>
      stops(plugin, curves(validation, train, name), host);
    const plugin = stopOnProgressQuotient({ threshold: 1, stripEpochs: 2 });
    expect(at(plugin, 'cleanLoss')).toBe(3);
    expect(at(plugin, 'loss', 'stock')).toBe(3);
    expect(at(stopOnProgressQuotient({ threshold: 1, stripEpochs: 2, trainMonitor: 'cost' }), 'cost')).toBe(3);
    expect(() => at(plugin, 'loss')).toThrow(/`train`.*valLoss, loss.*cleanLoss/);
  });
});

describe('UP_s', () => {
  test.each<[string, object, number[], number | undefined]>([
    ['one growth', { increases: 1, stripEpochs: 1 }, [3, 2, 2.1], 2],
    ['two in a row', { increases: 2, stripEpochs: 1 }, [3, 4, 3.5, 3.6, 3.7], 4],
    ['equal is no growth', { increases: 1, stripEpochs: 1 }, [3, 3, 3], undefined],
    // ends of strips: 2, 3, 4 at epochs 1, 3, 5
    ['from strip end to strip end', { increases: 2, stripEpochs: 2 }, [9, 2, 0, 3, 0, 4], 5],
    ['the first strip has nothing before it', { increases: 1, stripEpochs: 3 }, [1, 2, 3, 1, 1, 3], undefined],
    ['strips of five by default', { increases: 1 }, [9, 9, 9, 9, 1, 9, 9, 9, 9, 2], 9],
  ])('%s', (_, options, values, expected) => {
    expect(stops(stopOnIncreases(options as { increases: number }), logged(values))).toBe(expected);
  });
});

const all: [string, TrainingPlugin][] = [
  ['stopOnGeneralizationLoss', stopOnGeneralizationLoss(5)],
  ['stopOnProgressQuotient', stopOnProgressQuotient({ threshold: 1, stripEpochs: 2 })],
  ['stopOnIncreases', stopOnIncreases({ increases: 2, stripEpochs: 1 })],
];
describe.each(all)('%s', (name, plugin) => {
  const epochs = curves([3, 1, 2, 3, 4, 5], [1, 1, 1, 1, 1, 1]);
  test('gives back the best weights: those that were evaluated', () => {
    const hooks = start(plugin);
    expect(run(hooks, epochs)?.stop).toMatch(/1 (of|in) epoch 2/);
    expect(givenBack(hooks)).toBe(1);
    const swapped = start(plugin);
    run(swapped, epochs, { evaluated: epoch => 100 + epoch });
    expect(givenBack(swapped)).toBe(101);
  });
  test('goes on from its state as if it had never stopped', () => {
    const whole = run(start(plugin), epochs)!;
    for (let cut = 1; cut <= whole.epoch; cut++) {
      const first = start(plugin);
      run(first, epochs.slice(0, cut));
      expect(run(resumed(first, plugin), epochs.slice(cut), { first: cut })).toEqual(whole);
    }
  });
  test('refuses a log that is missing, or negative, of which no ratio can be taken', () => {
    expect(() => stops(plugin, [{ loss: 1 }])).toThrow(OptionError);
    expect(() => stops(plugin, [{ valLoss: -1, cleanLoss: 1 }])).toThrow(
      new RegExp(`${name}.*\`monitor\`.*never negative.*valLoss = -1`),
    );
  });
});
