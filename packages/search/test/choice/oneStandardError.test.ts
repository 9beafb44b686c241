import { DataError, OptionError } from '@keepprob/core';
import { mean, variance } from '@keepprob/lens/statistics';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { best, oneStandardError } from '../../src/choice/oneStandardError.ts';
import type { Chooser } from '../../src/contract.ts';
import { candidate, keep, lambda } from '../support/candidates.ts';

const value = fc.double({ min: 0, max: 10, noNaN: true });
const trials = fc.integer({ min: 2, max: 8 }).chain(n =>
  fc.array(fc.tuple(fc.double({ min: 0.2, max: 1, noNaN: true }), fc.array(value, { minLength: n, maxLength: n })), {
    minLength: 1,
    maxLength: 6,
  }),
);

test('the chosen trial is within one standard error of the best, and none within is stronger', () => {
  fc.assert(
    fc.property(trials, given => {
      const candidates = given.map(([p, values], i) => candidate(i, values, { keep: p }));
      const chosen = oneStandardError().choose(candidates, [keep]);
      const [, lowest] = given[best().choose(candidates, []).number]!;
      const isWithin = (values: readonly number[]): boolean => {
        const d = values.map((v, i) => v - lowest[i]!);
        return mean(d) <= Math.sqrt(variance(d) / d.length) || values === lowest;
      };
      const within = given.filter(([, values]) => isWithin(values));
      const [p, values] = given[chosen.number]!;
      expect(isWithin(values)).toBe(true);
      // strengths that differ in the last bit only are equal
      expect(p).toBeCloseTo(Math.min(...within.map(([other]) => other)), 12);
    }),
  );
});

test('what a fold has of its own, and the order of results, make no difference', () => {
  fc.assert(
    fc.property(
      trials,
      fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 8, maxLength: 8 }),
      (given, ofFolds) => {
        // whole numbers, so that sums are exact
        const whole = given.map(([p, values]) => [p, values.map(v => Math.round(8 * v))] as const);
        const plain = whole.map(([p, values], i) => candidate(i, values, { keep: p }));
        const shifted = whole.map(([p, values], i) =>
          candidate(
            i,
            values.map((v, fold) => v + ofFolds[fold]!),
            { keep: p },
          ),
        );
        const turned = shifted.map(one => ({ ...one, results: [...one.results].reverse() }));
        expect(oneStandardError().choose(turned, [keep]).number).toBe(oneStandardError().choose(plain, [keep]).number);
      },
    ),
  );
});

const alike = [
  candidate(0, [5, 6, 7], { keep: 1 }),
  candidate(1, [5.1, 6, 7], { keep: 0.5 }),
  candidate(2, [4.9, 6.2, 7], { keep: 0.8 }),
  candidate(3, [9, 9.9, 11.1], { keep: 0.2 }),
];

test('the strongest, the weakest, or what a function says, of those that cannot be told from the best', () => {
  const number = (chooser: Chooser) => chooser.choose(alike, [keep]).number;
  expect(number(oneStandardError())).toBe(1);
  expect(number(oneStandardError({ prefer: 'weakest' }))).toBe(0);
  expect(number(oneStandardError({ prefer: ({ keep: p = 0 }) => -Math.abs(p - 0.8) }))).toBe(2);
  expect(number(best())).toBe(0);
});

test('where nothing says what is off, the best', () => {
  expect(oneStandardError().choose(alike, [{ ...keep, off: undefined }]).number).toBe(0);
  expect(oneStandardError().choose(alike, [{ ...lambda, name: 'other' }]).number).toBe(0);
});

test('one fold has no standard error: the best', () => {
  expect(
    oneStandardError().choose([candidate(0, [5], { keep: 0.2 }), candidate(1, [4], { keep: 1 })], [keep]).number,
  ).toBe(1);
});

test('seeds of a fold are no folds of their own', () => {
  const on = (
    number: number,
    p: number,
    values: readonly (readonly [fold: number, seed: number, value: number])[],
  ) => ({
    number,
    point: { keep: p },
    results: values.map(([fold, seed, v]) => ({ fold, seed, value: v })),
  });
  // by fold: 1 and .9 worse, error .05; the twelve differences would have a larger error of their own
  const a = on(0, 1, [
    [0, 1, 0],
    [0, 2, 0],
    [1, 1, 0],
    [1, 2, 0],
  ]);
  const b = on(1, 0.2, [
    [0, 1, -9],
    [0, 2, 11],
    [1, 1, 10],
    [1, 2, -8.2],
  ]);
  expect(oneStandardError().choose([a, b], [keep]).number).toBe(0);
});

test.each([
  ['no candidates', () => best().choose([], []), DataError, /at least one trial/],
  ['no results', () => best().choose([candidate(4, [])], []), DataError, /trial 4.*results/],
  ['NaN', () => best().choose([candidate(4, [Number.NaN])], []), DataError, /trial 4.*finite/],
  [
    'other folds',
    () => oneStandardError().choose([candidate(0, [1, 2]), candidate(1, [1, 2, 3])], []),
    DataError,
    /the same folds with the same seeds/,
  ],
  ['another preference', () => oneStandardError({ prefer: 'simplest' as 'weakest' }), OptionError, /`prefer`/],
] as const)('%s', (_, f, error, message) => {
  expect(f).toThrow(error);
  expect(f).toThrow(message);
});
