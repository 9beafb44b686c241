import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differenceOf, needed } from '../../src/statistics/difference.ts';
import { bootstrap, mean, meanOf, variance } from '../../src/statistics/measured.ts';
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

/** Numbers from N(0, 1) by a small generator of the test's own. */
function* gaussians(seed: number): Generator<number, never> {
  let state = seed;
  const u = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  for (;;) yield Math.sqrt(-2 * Math.log(u())) * Math.cos(2 * Math.PI * u());
}

test('a difference that varies over seeds and rows: the interval holds the truth as often as it says', () => {
  const random = gaussians(7);
  const n = () => random.next().value;
  const TRIALS = 400;
  let held = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const [ofSeeds, ofRows] = [Array.from({ length: 6 }, () => 0.3 * n()), Array.from({ length: 40 }, () => n())];
    const b = ofSeeds.map(s => ofRows.map(r => 2 + s + r + 0.5 * n()));
    const zero = b.map(rows => rows.map(() => 0));
    const { interval } = differenceOf(zero, b, 0.9);
    if (interval[0] <= 2 && 2 <= interval[1]) held++;
  }
  // 4σ of a share of 400
  expect(Math.abs(held / TRIALS - 0.9)).toBeLessThan(4 * Math.sqrt((0.9 * 0.1) / TRIALS));
});

test('how many seeds, how many rows', () => {
  const base = { value: 1, error: 0, interval: [0, 0] as const };
  // no noise from rows, error 1 over 5 seeds: sd √5, t(n−1) √(5/n) < 1 first at n = 22
  expect(needed({ ...base, bySeeds: 1, byRows: 0 }, 5, 100, 0.95)).toEqual({ seeds: 22, rows: null });
  expect(tQuantile(0.975, 21) * Math.sqrt(5 / 22)).toBeLessThan(1);
  expect(tQuantile(0.975, 20) * Math.sqrt(5 / 21)).toBeGreaterThan(1);
  // rows alone hide it: 1.96 · 1 > 1, so 1.96² times as many
  expect(needed({ ...base, bySeeds: 0.1, byRows: 1 }, 5, 100, 0.95)).toEqual({ seeds: null, rows: 385 });
});
