import { OptionError } from '@keepprob/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { timeSeries } from '../../src/splits/timeSeries.ts';

test('it never looks ahead: a gap lies between, folds follow each other, the window is kept', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.nat(60),
      fc.nat(4),
      fc.option(fc.integer({ min: 1, max: 9 })),
      (k, more, gap, window) => {
        const count = (k + 1) * (gap + 1) + more;
        const folds = timeSeries({ k, gap, window }).split({ count }, 5);
        expect(folds.map(({ fold }) => fold)).toEqual(Array.from({ length: k }, (_, i) => i));
        expect(folds.at(-1)?.validation.at(-1)).toBe(count - 1);
        for (const [i, { train, validation }] of folds.entries()) {
          expect(train.length).toBeGreaterThan(0);
          expect(validation[0]! - train.at(-1)!).toBe(gap + 1);
          if (window) expect(train.length).toBeLessThanOrEqual(window);
          else expect(train[0]).toBe(0);
          expect(train.at(-1)! - train[0]!).toBe(train.length - 1);
          if (i > 0) expect(validation[0]).toBe(folds[i - 1]!.validation.at(-1)! + 1);
          expect(validation.length).toBe(Math.floor(count / (k + 1)));
        }
      },
    ),
  );
});

test('of a part of the rows, later ones never come first', () => {
  const [fold] = timeSeries({ k: 1 }).split({ count: 20, only: [9, 2, 11, 5] }, 0);
  expect([...fold!.train, ...fold!.validation]).toEqual([2, 5, 9, 11]);
});

test.each([
  ['fewer rows than folds and one', () => timeSeries({ k: 5 }).split({ count: 5 }, 0), /`k` is 5.*5 rows/],
  [
    'a gap that leaves nothing',
    () => timeSeries({ k: 5, gap: 5 }).split({ count: 20 }, 0),
    /5 folds of 3 rows and a `gap` of 5 leave nothing.*or `gap`/,
  ],
  ['a window of nothing', () => timeSeries({ window: 0 }), /an integer ≥ 1, or null/],
  ['a gap below 0', () => timeSeries({ gap: -1 }), /`gap`/],
])('%s', (_, f, message) => {
  expect(f).toThrow(OptionError);
  expect(f).toThrow(message);
});
