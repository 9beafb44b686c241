import { DataError } from '@keepprob/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wilcoxon } from '../../src/statistics/wilcoxon.ts';
import oracle from '../oracle/scipy.json' with { type: 'json' };

test.each([...oracle.exact, ...oracle.tied].map(one => [one.differences.join(' '), one] as const))(
  'as scipy has it: %s',
  (_, { differences, statistic, ...p }) => {
    for (const alternative of ['greater', 'less', 'twoSided'] as const) {
      const found = wilcoxon(differences, { alternative });
      expect(found.statistic).toBe(statistic);
      expect(found.pValue).toBeCloseTo(p[alternative], 12);
    }
  },
);

/** By all 2ⁿ signs. */
function byEnumeration(differences: number[]): { greater: number; less: number } {
  const counted = differences.filter(d => d !== 0);
  const rank = (size: number) =>
    counted.filter(d => Math.abs(d) < size).length + (counted.filter(d => Math.abs(d) === size).length + 1) / 2;
  const ranks = counted.map(d => rank(Math.abs(d)));
  const w = ranks.reduce((sum, r, i) => sum + (counted[i]! > 0 ? r : 0), 0);
  const all = Array.from({ length: 2 ** counted.length }, (_, signs) =>
    ranks.reduce((sum, r, i) => sum + (signs & (1 << i) ? r : 0), 0),
  );
  return {
    greater: all.filter(other => other >= w).length / all.length,
    less: all.filter(other => other <= w).length / all.length,
  };
}

test('with ties and zeros: the distribution over all signs', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 9 }), differences => {
      const { greater, less } = byEnumeration(differences);
      expect(wilcoxon(differences, { alternative: 'greater' }).pValue).toBeCloseTo(greater, 12);
      expect(wilcoxon(differences, { alternative: 'less' }).pValue).toBeCloseTo(less, 12);
    }),
  );
});

test('the other way round, greater is less', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 40 }), differences => {
      const turned = differences.map(d => -d);
      expect(wilcoxon(turned, { alternative: 'less' }).pValue).toBeCloseTo(
        wilcoxon(differences, { alternative: 'greater' }).pValue,
        12,
      );
      expect(wilcoxon(turned).pValue).toBeCloseTo(wilcoxon(differences).pValue, 12);
    }),
  );
});

test('three differences cannot be told at 5 %, five can', () => {
  const least = (n: number) =>
    wilcoxon(
      Array.from({ length: n }, (_, i) => i + 1),
      { alternative: 'greater' },
    ).pValue;
  expect([3, 4, 5].map(least)).toEqual([0.125, 0.0625, 0.03125]);
  expect(wilcoxon([0, 0])).toEqual({ statistic: 0, n: 0, pValue: 1 });
});

test('NaN', () => {
  expect(() => wilcoxon([1, Number.NaN])).toThrow(DataError);
});
