import { OptionError } from '@keepprob/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { none } from '../../src/pruners/none.ts';
import { paired } from '../../src/pruners/paired.ts';
import { gaussians } from '../support/gaussians.ts';

const pairs = (differences: readonly number[]) => differences.map(d => ({ value: 8 + d, best: 8 }));

test('never before its units, never a trial that is not worse in the mean or in most', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { maxLength: 12 }),
      fc.integer({ min: 2, max: 6 }),
      (differences, after) => {
        const prunes = paired({ after }).prune(pairs(differences));
        if (differences.length < after || differences.every(d => d <= 0)) expect(prunes).toBe(false);
        expect(prunes && paired({ after }).prune(pairs(differences.map(d => -d)))).toBe(false);
      },
    ),
  );
});

test('three alike are enough, three that scatter are not; from five on, ranks decide', () => {
  const prunes = (...differences: number[]) => paired().prune(pairs(differences));
  expect(prunes(1, 1.1, 0.9)).toBe(true);
  expect(prunes(1, 3, 0.1)).toBe(false);
  // t would not: mean 22, error 20
  expect(prunes(1, 2, 3, 4, 100)).toBe(true);
  // t would: mean 4.4, error .95
  expect(prunes(5, 5, 6, 6, -0.1)).toBe(false);
  expect(prunes(0, 0, 0, 0, 0)).toBe(false);
  expect(prunes(1, Number.NaN, 1)).toBe(false);
  expect(none().prune(pairs([9, 9, 9, 9, 9]))).toBe(false);
});

/** Share of trials that ten units end, when the true difference is `effect` residuals. */
function ended(effect: number): number {
  const random = gaussians(3 + Math.round(10 * effect));
  const trials = Array.from({ length: 1000 }, () => Array.from({ length: 10 }, () => effect + Math.SQRT2 * random()));
  return trials.filter(d => d.some((_, i) => paired().prune(pairs(d.slice(0, i + 1))))).length / trials.length;
}

test('a worse trial is ended, a better one hardly ever, in ten looks', () => {
  expect(ended(3)).toBeGreaterThan(0.95);
  expect(ended(-1)).toBeLessThan(0.03);
  // as good as the best: eight looks at 5 %, which hang together
  expect(ended(0)).toBeLessThan(0.19);
});

test.each([{ after: 1 }, { confidence: 1 }, { confidence: 0.4 }])('%o', options => {
  expect(() => paired(options)).toThrow(OptionError);
});
