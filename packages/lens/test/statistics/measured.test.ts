import { expect, test } from 'vitest';
import { bootstrap, mean, meanOf, quantile, variance } from '../../src/statistics/measured.ts';

test('1, 2, 3: mean 2 ± 1/√3; its interval is 4.303 errors wide', () => {
  const { value, error, interval } = meanOf([1, 2, 3], 0.95);
  expect([value, error]).toEqual([2, expect.closeTo(1 / Math.sqrt(3), 12)]);
  expect(interval[1] - value).toBeCloseTo(4.3027 / Math.sqrt(3), 3);
});

test('the bootstrap finds the standard error of a mean, from a seed', () => {
  const a = Array.from({ length: 400 }, (_, i) => Math.sin(i * i));
  const b = Array.from({ length: 100 }, (_, i) => 1 + Math.cos(i * i));
  const found = bootstrap(a, b, 0.95, 1);
  const error = Math.sqrt(variance(a) / 400 + variance(b) / 100);
  // the standard deviation of 1000 resamples is known to 1/√2000; 4σ
  expect(Math.abs(found.difference.error / error - 1)).toBeLessThan(4 / Math.sqrt(2000));
  expect(found.difference.value).toBeCloseTo(mean(b) - mean(a), 12);
  expect(bootstrap(a, b, 0.95, 1)).toEqual(found);
  expect(bootstrap(a, b, 0.95, 2)).not.toEqual(found);
});

test('quantiles lie between neighbours, whatever the order of the values', () => {
  expect([0, 0.25, 0.5, 0.75, 1].map(p => quantile([9, 1, 3, 7, 5], p))).toEqual([1, 3, 5, 7, 9]);
  expect(quantile([2, 1], 0.1)).toBeCloseTo(1.1, 12);
  expect(quantile([4], 0.9)).toBe(4);
  expect(quantile([], 0.5)).toBeNaN();
});
