import { OptionError } from '@keepprob/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { confirmUnits, freshPairs } from '../../src/choice/confirm.ts';
import type { Told } from '../../src/contract.ts';
import { kFold } from '../../src/splits/kFold.ts';
import { timeSeries } from '../../src/splits/timeSeries.ts';

const rows = { count: 60 };

test('fresh pairs: partitions that the search has not seen, a seed of its own for each fold', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 4 }), (seed, times) => {
      const splitter = kFold({ k: 4, repeats: 2 });
      const search = splitter.split(rows, seed);
      const { folds, pairs } = freshPairs(splitter, rows, search, { seed, times });
      expect(folds.slice(0, 8)).toEqual(search);
      expect(pairs.map(({ fold }) => fold)).toEqual(Array.from({ length: 8 * times }, (_, i) => 8 + i));
      expect(new Set(pairs.map(pair => pair.seed)).size).toBe(pairs.length);
      expect(new Set(folds.map(({ validation }) => validation.join())).size).toBe(folds.length);
      // repeats go on, each a whole partition
      for (let repeat = 0; repeat < 2 + 2 * times; repeat++)
        expect(
          folds
            .filter(fold => fold.repeat === repeat)
            .flatMap(({ validation }) => [...validation])
            .sort((a, b) => a - b),
        ).toEqual(Array.from({ length: 60 }, (_, i) => i));
      expect(freshPairs(splitter, rows, search, { seed, times })).toEqual({ folds, pairs });
    }),
    { numRuns: 20 },
  );
});

test('folds that cannot be others keep their index, and have other seeds', () => {
  const splitter = timeSeries({ k: 3 });
  const { folds, pairs } = freshPairs(splitter, rows, splitter.split(rows, 1), { seed: 1, times: 2 });
  expect(folds).toHaveLength(3);
  expect(pairs.map(({ fold }) => fold)).toEqual([0, 1, 2, 0, 1, 2]);
  expect(new Set(pairs.map(({ seed }) => seed)).size).toBe(6);
});

const told = (...values: (number | null)[]): Told[] =>
  values.map((value, number) => ({ number, point: {}, state: value === null ? 'failed' : 'complete', value }));

test('the lowest and "off", all on one pair before the next', () => {
  const pairs = [
    { fold: 5, seed: 50 },
    { fold: 6, seed: 60 },
  ];
  const trials = (units: readonly { trial: number }[]) => units.map(({ trial }) => trial);
  const all = told(9, 7, null, 6, 8);
  expect(trials(confirmUnits(all, pairs, { top: 2, off: 0 }))).toEqual([3, 1, 0, 3, 1, 0]);
  expect(trials(confirmUnits(all, pairs, { top: 2, off: 1 }))).toEqual([3, 1, 3, 1]);
  expect(trials(confirmUnits(all, pairs, { top: 9 }))).toEqual([3, 1, 4, 0, 3, 1, 4, 0]);
  // "off" failed
  expect(trials(confirmUnits(all, pairs, { top: 1, off: 2 }))).toEqual([3, 3]);
  expect(confirmUnits(all, pairs, { top: 1 })).toEqual([
    { trial: 3, fold: 5, seed: 50 },
    { trial: 3, fold: 6, seed: 60 },
  ]);
  expect(confirmUnits([{ number: 0, point: {}, state: 'pruned', value: 1 }], pairs)).toEqual([]);
  expect(() => confirmUnits(all, pairs, { top: 0 })).toThrow(OptionError);
});
