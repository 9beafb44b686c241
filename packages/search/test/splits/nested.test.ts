import { OptionError } from '@keepprob/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kFold } from '../../src/splits/kFold.ts';
import { nested } from '../../src/splits/nested.ts';
import { timeSeries } from '../../src/splits/timeSeries.ts';

test('the inner folds of an outer one are made of its training rows, groups and strata kept', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 3, max: 6 }), (seed, groupSize) => {
      const count = 12 * groupSize;
      const groups = Array.from({ length: count }, (_, row) => Math.floor(row / groupSize));
      const folds = nested({ outer: kFold({ k: 3, groups }), inner: kFold({ k: 2, groups }) }).split({ count }, seed);
      for (const { train, validation, inner } of folds) {
        const rows = inner.flatMap(fold => [...fold.validation]).sort((a, b) => a - b);
        expect(rows).toEqual([...train]);
        expect(rows.filter(row => validation.includes(row))).toEqual([]);
        for (const fold of inner) {
          const held = new Set([...fold.validation].map(row => groups[row]));
          expect([...fold.train].some(row => held.has(groups[row]))).toBe(false);
        }
      }
    }),
  );
});

test('in time, no inner fold sees what its outer fold is measured on', () => {
  const splitter = nested({ outer: timeSeries({ k: 3 }), inner: timeSeries({ k: 2, gap: 1 }) });
  for (const { validation, inner } of splitter.split({ count: 60 }, 0))
    for (const fold of inner) expect(fold.validation.at(-1)).toBeLessThan(validation[0]!);
});

test('inner folds do not follow the outer ones', () => {
  // of outer folds dealt by the same random numbers, rows of one fold would be together again
  const [outer] = nested({ outer: kFold({ k: 2 }), inner: kFold({ k: 2 }) }).split({ count: 400 }, 1);
  const alike = kFold({ k: 2 }).split({ count: 400, only: outer!.train }, 1);
  expect(outer!.inner[0]!.validation).not.toEqual(alike[0]!.validation);
});

test('it tells what it is made of, and refuses what is no splitter', () => {
  expect(nested({ outer: kFold(), inner: timeSeries() }).options).toMatchObject({
    outer: { name: 'kFold', options: { k: 5 } },
    inner: { name: 'timeSeries' },
  });
  expect(() => nested(Object.assign({ outer: kFold(), inner: kFold() }, { inner: 5 }))).toThrow(OptionError);
});
