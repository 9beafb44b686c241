import { expect, test } from 'vitest';
import { football, random } from '../src/football.ts';

const landings = (count: number, seed: number) => {
  const next = random(seed);
  return Array.from({ length: count }, () => football(next));
};

test('the same seed gives the same points, another seed others', () => {
  expect(landings(5, 1)).toEqual(landings(5, 1));
  expect(landings(5, 1)).not.toEqual(landings(5, 2));
});

test('points are on the field; far from the border the label is certain, on it half of them are 1', () => {
  const all = landings(20_000, 3);
  expect(all.every(({ at }) => at.every(coordinate => coordinate >= -1 && coordinate < 1))).toBe(true);
  const share = (low: number, high: number): number => {
    const strip = all.filter(({ at: [x, y] }) => {
      const above = y - 0.75 * x - 0.25 * Math.sin(4 * x);
      return above > low && above < high;
    });
    return strip.reduce((sum, { label }) => sum + label, 0) / strip.length;
  };
  expect(share(0.8, 2)).toBeGreaterThan(0.999);
  expect(share(-2, -0.8)).toBeLessThan(0.001);
  expect(share(-0.05, 0.05)).toBeCloseTo(0.5, 1);
});
