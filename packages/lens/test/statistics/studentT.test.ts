import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tDistribution, tQuantile } from '../../src/statistics/studentT.ts';

test('quantiles of Student’s t, as tables have them', () => {
  // Abramowitz & Stegun, table 26.10
  for (const [p, degrees, t] of [
    [0.975, 1, 12.706],
    [0.975, 2, 4.303],
    [0.975, 9, 2.262],
    [0.995, 4, 4.604],
    [0.95, 30, 1.697],
    [0.975, 120, 1.98],
    [0.975, 1e6, 1.95996],
  ] as const)
    expect(tQuantile(p, degrees)).toBeCloseTo(t, 3);
  // ν = 2 has a closed form: P(T ≤ t) = ½ + t / (2 √(2 + t²))
  fc.assert(
    fc.property(fc.double({ min: -30, max: 30, noNaN: true }), t => {
      expect(tDistribution(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 10);
    }),
  );
  expect(tQuantile(0.975, 0)).toBeNaN();
});
