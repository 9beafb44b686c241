import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sobol } from '../../src/index.ts';
import { directions } from '../../src/samplers/sobol/directions.ts';
import { scrambled } from '../../src/samplers/sobol/scramble.ts';
import { sobolPoints } from '../../src/samplers/sobol/sequence.ts';
import { dimensionsOf, trials } from '../support/spaces.ts';

interface Oracle {
  readonly points: Readonly<Record<string, readonly number[]>>;
}
const oracle: Oracle = JSON.parse(readFileSync(new URL('../oracles/sobol.json', import.meta.url), 'utf8'));

/** The first points of the sequence. */
function first(count: number, dimensions: number, seed: number | null): Float64Array[] {
  const points = sobolPoints(dimensions, seed);
  return Array.from({ length: count }, () => points.next().value);
}

test("the points of scipy's Sobol(scramble=False), 100 dimensions", () => {
  const points = first(101, 100, null);
  for (const [n, expected] of Object.entries(oracle.points)) {
    const own = points[Number(n)];
    if (own) expect(Array.from(own, u => u * 2 ** 30)).toEqual(expected);
    // far on in the sequence: the sum over the Gray code of n
    const gray = Number(n) ^ (Number(n) >>> 1);
    const sum = directions.map(v => v.reduce((x, vj, j) => ((gray >>> j) & 1 ? x ^ vj : x), 0) >>> 2);
    expect(sum).toEqual(expected);
  }
});

/** How many points lie in each box of 2^−a × 2^−b. */
function boxes(points: readonly Float64Array[], [i, j]: readonly [number, number], a: number, b: number): number[] {
  const counts = new Array<number>(2 ** (a + b)).fill(0);
  for (const point of points) {
    const box = Math.floor((point[i] ?? 0) * 2 ** a) * 2 ** b + Math.floor((point[j] ?? 0) * 2 ** b);
    counts[box] = (counts[box] ?? 0) + 1;
  }
  return counts;
}

describe("Owen's scrambling", () => {
  test('keeps the net: 2^m points, one in each interval of 2^−m of every dimension, one in each box of the first two', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 6 }), (seed, m) => {
        const points = first(2 ** m, 100, seed);
        for (let d = 0; d < 100; d++) expect(boxes(points, [d, d], m, 0)).toEqual(new Array(2 ** m).fill(1));
        for (let a = 0; a <= m; a++) expect(boxes(points, [0, 1], a, m - a)).toEqual(new Array(2 ** m).fill(1));
      }),
      { numRuns: 8 },
    );
  });

  test('keeps how many points of the sequence lie in each box, of any two dimensions', () => {
    const plain = first(64, 12, null);
    const moved = first(64, 12, 3);
    for (let i = 0; i < 12; i++)
      for (let j = 0; j < i; j++)
        expect(boxes(moved, [i, j], 3, 3).toSorted()).toEqual(boxes(plain, [i, j], 3, 3).toSorted());
  });

  test('makes each point uniform: over seeds, mean ½ and variance 1/12, and other seeds give other points', () => {
    const n = 2000;
    const us = Array.from({ length: n }, (_, seed) => first(3, 3, seed).at(-1)?.[2] ?? 0);
    const mean = us.reduce((sum, u) => sum + u, 0) / n;
    const variance = us.reduce((sum, u) => sum + (u - mean) ** 2, 0) / n;
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / n));
    expect(new Set(us).size).toBe(n);
  });

  test('is nested: where two numbers first differ they still do, and the bits below are flipped independently', () => {
    const seeds = 1000;
    for (let depth = 0; depth < 31; depth += 3) {
      const other = 2 ** (31 - depth);
      const differ = new Array<number>(32).fill(0);
      for (let seed = 0; seed < seeds; seed++) {
        const bits = scrambled(0, seed, 4) ^ scrambled(other, seed, 4);
        for (const [i, count] of differ.entries()) differ[i] = count + ((bits >>> (31 - i)) & 1);
      }
      expect(differ.slice(0, depth + 1)).toEqual([...new Array(depth).fill(0), seeds]);
      // five standard deviations of a fair coin
      for (const count of differ.slice(depth + 1))
        expect(Math.abs(count - seeds / 2)).toBeLessThan(2.5 * Math.sqrt(seeds));
    }
  });

  test('dimensions beyond the directions are independent, and the same in every trial', () => {
    const [a, b] = [first(64, 110, 5), first(64, 110, 5)];
    expect(a).toEqual(b);
    expect(new Set(a.map(point => point[105])).size).toBe(64);
    const config = Array.from({ length: 103 }, () => ({ space: 'float', low: 0, high: 1 }));
    const points = trials(sobol(), dimensionsOf(config), 3).map(({ point }) => Object.values(point));
    expect(points).toEqual(first(3, 103, 1).map(point => [...point]));
  });
});
