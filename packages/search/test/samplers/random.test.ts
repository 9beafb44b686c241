import { expect, test } from 'vitest';
import { grid, random, randomOf, readSpace, sobol } from '../../src/index.ts';
import { valueAt } from '../../src/space/values.ts';
import { dimensionsOf, trials } from '../support/spaces.ts';

/** Pearson's χ² against equal shares; its 1 − 10⁻⁶ quantile is about k + 7√(2k). */
function isUniform(counts: readonly number[]): boolean {
  const n = counts.reduce((sum, count) => sum + count, 0);
  const expected = n / counts.length;
  const chi2 = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const k = counts.length - 1;
  return chi2 < k + 7 * Math.sqrt(2 * k) + 10;
}

const kinds = {
  float: { space: 'float', low: -3, high: 5 },
  log: { space: 'float', low: 1e-6, high: 1e-2, log: true },
  keepProb: { space: 'keepProb', low: 0.3, high: 1 },
} as const;

test.each(Object.entries(kinds))('%s: uniform on its scale, by random and over seeds of sobol', (name, space) => {
  const [dimension] = dimensionsOf({ x: space });
  const scale = (x: number): number => {
    const f = name === 'log' ? Math.log : (y: number) => y;
    return (f(x) - f(space.low)) / (f(space.high) - f(space.low));
  };
  for (const sampler of [random(), sobol()]) {
    const counts = new Array<number>(20).fill(0);
    for (let seed = 0; seed < 2000; seed++) {
      const x = sampler.suggest(dimension ? [dimension] : [], [], randomOf(seed, seed))?.x ?? Number.NaN;
      const cell = Math.min(19, Math.floor(scale(x) * 20));
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
    expect(isUniform(counts)).toBe(true);
  }
});

test('steps, whole numbers and values are equally likely, bounds included', () => {
  const { dimensions } = readSpace({
    step: { space: 'float', low: -1, high: 1, step: 0.1 },
    int: { space: 'int', low: -2, high: 7 },
    choice: { space: 'choice', of: ['a', 'b', 'c'] },
  });
  for (const [i, values] of [21, 10, 3].entries()) {
    const counts = new Map<number, number>();
    for (let trial = 0; trial < 6000; trial++) {
      const dimension = dimensions[i];
      const x = dimension ? valueAt(dimension, randomOf(3, trial).uniform()) : 0;
      counts.set(x, (counts.get(x) ?? 0) + 1);
    }
    expect(counts.size).toBe(values);
    expect(isUniform([...counts.values()])).toBe(true);
    if (i === 0)
      expect([...counts.keys()].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 21 }, (_, k) => (k - 10) / 10));
  }
});

test('the last of the steps is the upper bound, also where that is inexact', () => {
  const [dimension] = dimensionsOf({ x: { space: 'float', low: 0, high: 0.1 * 6, step: 0.1 } });
  for (const sampler of [random(), sobol(), grid({ per: 7 })]) {
    const values = trials(sampler, dimension ? [dimension] : [], 10).map(({ point }) => point.x ?? 0);
    expect(values.toSorted()).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.1 * 6]);
  }
});

test('whole numbers on a logarithmic scale have the share of ln(n ± ½), and both bounds come', () => {
  const [dimension] = dimensionsOf({ n: { space: 'int', low: 1, high: 100, log: true } });
  const total = Math.log(100.5 / 0.5);
  for (const n of [1, 2, 10, 100]) {
    const share = Math.log((n + 0.5) / (n - 0.5)) / total;
    const counted = Array.from({ length: 10_000 }, (_, i) =>
      dimension ? valueAt(dimension, (i + 0.5) / 10_000) : 0,
    ).filter(x => x === n);
    expect(counted.length / 10_000).toBeCloseTo(share, 3);
  }
});

test('randomOf: uniform numbers of 53 bits and normal ones, other ones for other seeds and trials', () => {
  const n = 20_000;
  const stream = randomOf(7, 3);
  const us = Array.from({ length: n }, () => stream.uniform());
  const zs = Array.from({ length: n }, () => stream.normal());
  expect(us.every(u => u >= 0 && u < 1 && Number.isInteger(u * 2 ** 53))).toBe(true);
  expect(us.some(u => !Number.isInteger(u * 2 ** 40))).toBe(true);
  const mean = (xs: readonly number[]) => xs.reduce((sum, x) => sum + x, 0) / xs.length;
  expect(Math.abs(mean(us) - 0.5)).toBeLessThan(4 / Math.sqrt(12 * n));
  expect(Math.abs(mean(zs))).toBeLessThan(4 / Math.sqrt(n));
  expect(Math.abs(mean(zs.map(z => z * z)) - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  const firsts = [randomOf(7, 3), randomOf(7, 4), randomOf(8, 3), randomOf(7 + 2 ** 40, 3)].map(of => of.uniform());
  expect(new Set(firsts).size).toBe(4);
  expect(firsts[0]).toBe(us[0]);
});
