import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differenceOf, needed, unitsToTell } from '../../src/statistics/difference.ts';
import { tQuantile } from '../../src/statistics/studentT.ts';

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

test('the fewest units: one fewer would not tell', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.05, max: 3, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (size, fixed) => {
        const n = unitsToTell(size, 1, fixed, 0.95);
        const half = (units: number) => tQuantile(0.975, units - 1) * Math.sqrt(1 / units + fixed);
        if (n === null) expect(half(10_000)).toBeGreaterThanOrEqual(size);
        else {
          expect(half(n)).toBeLessThan(size);
          if (n > 2) expect(half(n - 1)).toBeGreaterThanOrEqual(size);
        }
      },
    ),
  );
});
