import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kFold } from '../../src/splits/kFold.ts';
import { corrected, foldsToTell, testShare } from '../../src/statistics/corrected.ts';
import oracle from '../oracle/scipy.json' with { type: 'json' };
import { gaussians } from '../support/gaussians.ts';

test.each(oracle.corrected.map(one => [one.values.length, one] as const))(
  'as scipy has it: %d values',
  (_, { values, ratio, confidence, mean, error, interval }) => {
    const found = corrected(values, ratio, confidence);
    expect(found.value).toBeCloseTo(mean, 12);
    expect(found.error).toBeCloseTo(error, 12);
    for (const side of [0, 1] as const) expect(found.interval[side]).toBeCloseTo(interval[side]!, 8);
  },
);

test('the share of validation rows: 1 / (k − 1) for k folds', () => {
  for (const k of [2, 5, 10])
    expect(testShare(kFold({ k, repeats: 2 }).split({ count: 10 * k }, 1))).toBeCloseTo(1 / (k - 1), 12);
});

test('values that share a part, as overlapping training sets make them: the interval holds the truth as often as it says, the plain one does not', () => {
  // correlation ρ = 1/k between folds: the variance of the mean is ((1 − ρ)/n + ρ) σ², and the corrected one has (1 − ρ) (1/n + 1/(k − 1)) = the same
  const random = gaussians(11);
  const [TRIALS, n, k] = [2000, 25, 5];
  let [held, plain] = [0, 0];
  for (let trial = 0; trial < TRIALS; trial++) {
    const shared = Math.sqrt(1 / k) * random();
    const values = Array.from({ length: n }, () => 3 + shared + Math.sqrt(1 - 1 / k) * random());
    const covers = (ratio: number) => {
      const { interval } = corrected(values, ratio, 0.95);
      return Number(interval[0] <= 3 && 3 <= interval[1]);
    };
    held += covers(1 / (k - 1));
    plain += covers(0);
  }
  // 4σ of a share of 2000
  expect(Math.abs(held / TRIALS - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / TRIALS));
  expect(plain / TRIALS).toBeLessThan(0.75);
});

/** So many values of this mean, and variance 1. */
const valuesOf = (mean: number, n: number): number[] => {
  const step = Math.sqrt((n - 1) / n);
  return Array.from({ length: n }, (_, i) => mean + (i % 2 ? step : -step));
};

test('as many folds as would tell: with the same mean and spread they do, fewer do not', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.3, max: 4, noNaN: true }), fc.constantFrom(0, 1 / 9, 1 / 4), (mean, ratio) => {
      const lowest = (n: number) => corrected(valuesOf(mean, n), ratio, 0.95).interval[0];
      const n = foldsToTell(valuesOf(mean, 10), ratio, 0.95);
      if (n === null) {
        expect(lowest(10_000)).toBeLessThanOrEqual(1e-9);
      } else {
        // an even number of values has the variance
        const even = n + (n % 2);
        expect(lowest(even)).toBeGreaterThan(-1e-9);
        if (even > 4) expect(lowest(even - 2)).toBeLessThan(1e-9);
      }
    }),
  );
});
