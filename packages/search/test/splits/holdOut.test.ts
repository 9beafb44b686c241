import { OptionError } from '@keepprob/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holdOut } from '../../src/splits/holdOut.ts';

test('so large a share of each class, to the row; every row on one side', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      fc.array(fc.integer({ min: 2, max: 30 }), { minLength: 1, maxLength: 4 }),
      fc.nat(),
      (fraction, sizes, seed) => {
        const classes = sizes.flatMap((size, c) => Array.from({ length: size }, () => c));
        const [{ train, validation } = { train: [], validation: [] }] = holdOut({ fraction, stratify: true }).split(
          { count: classes.length, classes },
          seed,
        );
        expect([...train, ...validation].sort((a, b) => a - b)).toEqual(classes.map((_, i) => i));
        for (const [c, size] of sizes.entries()) {
          const held = [...validation].filter(row => classes[row] === c).length;
          expect(Math.abs(held - fraction * size)).toBeLessThan(1);
          expect([0, size]).not.toContain(held);
        }
      },
    ),
  );
});

test('repeats are drawn anew, from the seed', () => {
  const draw = (seed: number) => holdOut({ fraction: 0.3, repeats: 3 }).split({ count: 40 }, seed);
  expect(draw(1)).toEqual(draw(1));
  const held = [...draw(1), ...draw(2)].map(({ validation }) => validation.join());
  expect(new Set(held).size).toBe(6);
  expect(draw(1).map(({ repeat, fold, validation }) => [repeat, fold, validation.length])).toEqual([
    [0, 0, 12],
    [1, 0, 12],
    [2, 0, 12],
  ]);
});

test.each([
  ['all rows', () => holdOut({ fraction: 1 }), /`fraction`/],
  ['none', () => holdOut({ fraction: 0 }), /`fraction`/],
  ['NaN of them', () => holdOut({ fraction: Number.NaN }), /`fraction`/],
  ['a single row', () => holdOut().split({ count: 1 }, 0), /two at least/],
  [
    'a class of a single row',
    () => holdOut({ stratify: true }).split({ count: 4, classes: [0, 0, 0, 5] }, 0),
    /class 5 has a single row/,
  ],
])('%s', (_, f, message) => {
  expect(f).toThrow(OptionError);
  expect(f).toThrow(message);
});
