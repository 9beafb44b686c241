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
      const folds = nested({ outer: kFold({ k: 3, groups }), inner: kFold({ k: 2, groups }) }).folds({ count }, seed);
      for (const { train, validation, inner } of folds) {
        const innerFolds = inner.split({ count }, seed);
        const rows = innerFolds.flatMap(fold => [...fold.validation]).sort((a, b) => a - b);
        expect(rows).toEqual([...train]);
        expect(rows.filter(row => validation.includes(row))).toEqual([]);
        for (const fold of innerFolds) {
          const held = new Set([...fold.validation].map(row => groups[row]));
          expect([...fold.train].some(row => held.has(groups[row]))).toBe(false);
        }
      }
    }),
  );
});

test('in time, no inner fold sees what its outer fold is measured on', () => {
  const splitter = nested({ outer: timeSeries({ k: 3 }), inner: timeSeries({ k: 2, gap: 1 }) });
  for (const { validation, inner } of splitter.folds({ count: 60 }, 0))
    for (const fold of inner.split({ count: 60 }, 0)) expect(fold.validation.at(-1)).toBeLessThan(validation[0]!);
});

test('inner folds do not follow the outer ones, whose seed they are given', () => {
  const [outer] = nested({ outer: kFold({ k: 2 }), inner: kFold({ k: 2 }) }).folds({ count: 400 }, 1);
  const alike = kFold({ k: 2 }).split({ count: 400, only: outer!.train }, 1);
  expect(outer!.inner.split({ count: 400 }, 1)[0]!.validation).not.toEqual(alike[0]!.validation);
});

test('inner splitters of different rows tell so, for the journal', () => {
  const told = nested({ outer: kFold({ k: 3 }), inner: timeSeries({ k: 2 }) })
    .folds({ count: 30 }, 1)
    .map(({ inner }) => inner);
  expect(new Set(told.map(({ options }) => JSON.stringify(options))).size).toBe(3);
  expect(told[0]).toMatchObject({ name: 'timeSeries', options: { of: { k: 2 }, rows: 20 } });
});

test('it refuses what is no splitter, and is none itself', () => {
  expect(() => nested(Object.assign({ outer: kFold(), inner: kFold() }, { inner: 5 }))).toThrow(OptionError);
  expect(nested({ outer: kFold(), inner: kFold() })).not.toHaveProperty('split');
});
