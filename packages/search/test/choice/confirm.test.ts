import fc from 'fast-check';
import { expect, test } from 'vitest';
import { freshPairs, leading } from '../../src/choice/confirm.ts';
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

test('the best and "off", the best first; where all others were pruned, the best of these', () => {
  const trials = (...numbers: number[]) => numbers.map(number => ({ number, isOff: number === 0 || number === 5 }));
  const numbers = (complete: number[], pruned: number[], top: number): number[] =>
    leading(trials(...complete), trials(...pruned), top).map(({ number }) => number);
  expect(numbers([3, 1, 4, 0], [], 2)).toEqual([3, 1, 0]);
  expect(numbers([3, 0, 1], [], 2)).toEqual([3, 0]);
  expect(numbers([3, 1], [2], 9)).toEqual([3, 1]);
  // "off" is the best, and another one that is off counts only by its rank
  expect(numbers([0, 5, 4, 3], [], 1)).toEqual([0, 4]);
  expect(numbers([4, 5, 0], [], 1)).toEqual([4, 0]);
  expect(numbers([0], [2, 1], 3)).toEqual([0, 2]);
  expect(numbers([0], [], 3)).toEqual([0]);
  expect(numbers([], [2, 1], 3)).toEqual([2]);
  expect(numbers([], [], 3)).toEqual([]);
});
