import { DataError, OptionError } from '@keepprob/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Split } from '../../src/contract.ts';
import { kFold } from '../../src/splits/kFold.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 40 });
const sorted = (rows: Iterable<number>): number[] => [...rows].sort((a, b) => a - b);
const spread = (counts: number[]): number => Math.max(...counts) - Math.min(...counts);
const byRepeat = (splits: readonly Split[]): Split[][] => {
  const repeats = Math.max(...splits.map(({ repeat }) => repeat)) + 1;
  return Array.from({ length: repeats }, (_, r) => splits.filter(({ repeat }) => repeat === r));
};
const countOf = (rows: Int32Array, is: (row: number) => boolean): number => rows.filter(is).length;

function checkPartition(splits: readonly Split[], rows: readonly number[], k: number): void {
  for (const folds of byRepeat(splits)) {
    expect(folds.map(({ fold }) => fold)).toEqual(Array.from({ length: k }, (_, i) => i));
    expect(sorted(folds.flatMap(({ validation }) => [...validation]))).toEqual(rows);
    for (const { train, validation } of folds) {
      expect(sorted([...train, ...validation])).toEqual(rows);
      expect([...train]).toEqual(sorted(train));
      expect([...validation]).toEqual(sorted(validation));
    }
  }
}

test('every row is in exactly one validation fold of a repeat, and folds differ by one row at most', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 7 }),
      fc.nat(60),
      fc.integer({ min: 1, max: 3 }),
      seeds,
      (k, more, repeats, seed) => {
        const count = k + more;
        const splits = kFold({ k, repeats }).split({ count }, seed);
        expect(splits).toHaveLength(k * repeats);
        checkPartition(
          splits,
          Array.from({ length: count }, (_, i) => i),
          k,
        );
        for (const folds of byRepeat(splits))
          expect(spread(folds.map(({ validation }) => validation.length))).toBeLessThanOrEqual(1);
      },
    ),
  );
});

test('stratified: the rows of each class, and all rows, differ by one at most between folds', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 6 }),
      fc.array(fc.nat(15), { minLength: 1, maxLength: 5 }),
      seeds,
      (k, sizes, seed) => {
        const classes = sizes.flatMap((more, c) => Array.from({ length: k + more }, () => c * 10 - 3));
        const folds = kFold({ k, stratify: true }).split({ count: classes.length, classes }, seed);
        checkPartition(
          folds,
          classes.map((_, i) => i),
          k,
        );
        for (const c of new Set(classes))
          expect(
            spread(folds.map(({ validation }) => countOf(validation, row => classes[row] === c))),
          ).toBeLessThanOrEqual(1);
        expect(spread(folds.map(({ validation }) => validation.length))).toBeLessThanOrEqual(1);
      },
    ),
  );
});

test('groups are never split, no fold is empty, and folds differ by the largest group at most', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 5 }),
      fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 5, maxLength: 20 }),
      fc.boolean(),
      seeds,
      (k, sizes, stratify, seed) => {
        const groups = sizes.flatMap((size, g) => Array.from({ length: size }, () => `group ${g}`));
        // every group has both classes where there are two
        const classes = groups.map((_, i) =>
          stratify && sizes.every(size => size > 1) ? Number(groups[i] === groups[i - 1]) : 0,
        );
        const folds = kFold({ k, groups, stratify }).split({ count: groups.length, classes }, seed);
        checkPartition(
          folds,
          groups.map((_, i) => i),
          k,
        );
        for (const { train, validation } of folds) {
          const held = new Set([...validation].map(row => groups[row]));
          expect(validation.length).toBeGreaterThan(0);
          expect([...train].some(row => held.has(groups[row]))).toBe(false);
        }
        if (!stratify)
          expect(spread(folds.map(({ validation }) => validation.length))).toBeLessThanOrEqual(Math.max(...sizes));
      },
    ),
  );
});

test('stratified groups: shares of classes are nearer to equal than without strata', () => {
  // 60 groups of 4 rows, a third of them of class 1 alone
  const groups = Array.from({ length: 240 }, (_, row) => Math.floor(row / 4));
  const classes = groups.map(group => Number(group % 3 === 0));
  const unevenness = (stratify: boolean): number[] =>
    Array.from({ length: 40 }, (_, seed) =>
      spread(
        kFold({ k: 5, groups, stratify })
          .split({ count: 240, classes }, seed)
          .map(({ validation }) => countOf(validation, row => classes[row] === 1)),
      ),
    );
  // 20 groups of class 1 in 5 folds: 4 each
  expect(Math.max(...unevenness(true))).toBe(0);
  expect(Math.max(...unevenness(false))).toBeGreaterThan(8);
});

test('the seed decides: the same folds again, others for another seed and in another repeat', () => {
  const groups = Array.from({ length: 60 }, (_, row) => row % 20);
  for (const splitter of [
    kFold({ repeats: 2 }),
    kFold({ repeats: 2, stratify: true }),
    kFold({ repeats: 2, groups }),
  ]) {
    const rows = { count: 60, classes: groups.map(group => group % 2) };
    const [a, again, other] = [splitter.split(rows, 3), splitter.split(rows, 3), splitter.split(rows, 4)];
    expect(again).toEqual(a);
    expect(other).not.toEqual(a);
    const [first, second] = byRepeat(a).map(folds => folds.map(({ validation }) => [...validation]));
    expect(second).not.toEqual(first);
  }
});

test('any two rows are as often in one fold as chance has it', () => {
  // of 10 rows in 5 folds of 2: 1 in 9
  const together = Array.from({ length: 1800 }, (_, seed) => kFold({ k: 5 }).split({ count: 10 }, seed)).filter(folds =>
    folds.some(({ validation }) => validation.includes(2) && validation.includes(7)),
  ).length;
  expect(Math.abs(together - 200)).toBeLessThan(4 * Math.sqrt((1800 * 8) / 81));
});

test('a part of the rows is split by their numbers in the data, with classes and groups of all', () => {
  const only = [30, 3, 4, 9, 12, 25, 28, 29];
  const classes = Array.from({ length: 31 }, (_, row) => row % 2);
  const groups = Array.from({ length: 31 }, (_, row) => Math.floor(row / 2));
  checkPartition(kFold({ k: 2, stratify: true }).split({ count: 31, classes, only }, 1), sorted(only), 2);
  for (const { train, validation } of kFold({ k: 3, groups }).split({ count: 31, only }, 1))
    expect([...train].filter(row => [...validation].some(other => groups[other] === groups[row]))).toEqual([]);
});

test('options are told as JSON; groups by a checksum that does not depend on their names', () => {
  const told = (groups: (number | string)[]) => kFold({ groups }).options;
  expect(told(['a', 'b', 'a'])).toEqual(told([7, 1, 7]));
  expect(told(['a', 'b', 'a'])).not.toEqual(told(['a', 'b', 'b']));
  expect(JSON.parse(JSON.stringify(told(['a', 'b', 'a'])))).toEqual(told(['a', 'b', 'a']));
  expect(kFold().options).toEqual({ k: 5, repeats: 1, stratify: false, groups: null });
});

test.each([
  ['k of 1', () => kFold({ k: 1 }), OptionError, /an integer ≥ 2/],
  [
    'k larger than the rows',
    () => kFold({ k: 6 }).split({ count: 5 }, 0),
    OptionError,
    /`k` is 6, and there are 5 rows.*from 2 to 5/,
  ],
  ['no rows', () => kFold().split({ count: 0 }, 0), OptionError, /there are 0 rows/],
  [
    'k larger than the rarest class',
    () => kFold({ k: 3, stratify: true }).split({ count: 6, classes: [4, 4, 4, 4, 7, 7] }, 0),
    OptionError,
    /rarest class, 7, is in 2 rows.*k up to 2/,
  ],
  [
    'regression targets as classes',
    () => kFold({ k: 2, stratify: true }).split({ count: 3, classes: [0.1, 0.2, 0.3] }, 0),
    OptionError,
    /in 1 row,/,
  ],
  [
    'a class that fewer groups have than there are folds',
    () =>
      kFold({ k: 3, stratify: true, groups: [0, 0, 1, 1, 2, 2] }).split({ count: 6, classes: [0, 1, 0, 1, 0, 0] }, 0),
    OptionError,
    /class, 1, is in 2 groups/,
  ],
  [
    'fewer groups than k',
    () => kFold({ k: 3, groups: ['a', 'a', 'b'] }).split({ count: 3 }, 0),
    OptionError,
    /there are 2 groups/,
  ],
  [
    'groups of another length',
    () => kFold({ k: 2, groups: [1, 2] }).split({ count: 3 }, 0),
    OptionError,
    /has 2 values, and there are 3 rows/,
  ],
  ['NaN among the groups', () => kFold({ groups: [1, Number.NaN] }), OptionError, /`groups`/],
  ['strata without classes', () => kFold({ stratify: true }).split({ count: 9 }, 0), OptionError, /needs the class/],
  [
    'classes of another length',
    () => kFold({ k: 2, stratify: true }).split({ count: 3, classes: [0, 0] }, 0),
    DataError,
    /3 values, one for each row/,
  ],
  [
    'NaN among the classes',
    () => kFold({ k: 2, stratify: true }).split({ count: 3, classes: [0, 0, Number.NaN] }, 0),
    DataError,
    /NaN for row 2/,
  ],
  ['a row twice', () => kFold({ k: 2 }).split({ count: 3, only: [1, 1] }, 0), DataError, /row 1 twice/],
  ['a row that is not there', () => kFold({ k: 2 }).split({ count: 3, only: [1, 3] }, 0), DataError, /from 0 to 2.*3/],
  ['a seed of −1', () => kFold().split({ count: 9 }, -1), OptionError, /seed/],
  ['a typo', () => kFold({ shuffle: true } as object), OptionError, /unknown option `shuffle`/],
] as const)('%s', (_, f, kind, message) => {
  expect(f).toThrow(kind);
  expect(f).toThrow(message);
});
