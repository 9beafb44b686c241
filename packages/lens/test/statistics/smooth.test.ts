import { expect, test } from 'vitest';
import { fallOf, smooth } from '../../src/statistics/smooth.ts';

test('a straight line is its own moving mean, ends included', () => {
  const line = Array.from({ length: 50 }, (_, i) => 3 - 0.1 * i);
  const { mean } = smooth(line);
  for (const [i, m] of mean.entries()) expect(m).toBeCloseTo(line[i]!, 12);
  expect(fallOf(line)).toBeLessThan(-3);
  expect(fallOf(line.map(() => 1))).toBe(0);
});

test('the band holds 95 of 100 values', () => {
  const noise = Array.from({ length: 400 }, (_, i) => Math.sqrt(-2 * Math.log(((i * 0.618034) % 1) + 1e-9)) * Math.cos(2 * Math.PI * ((i * 0.754878) % 1))); // biome-ignore format: one formula
  const { mean, band } = smooth(noise);
  const inside = noise.filter((v, i) => Math.abs(v - mean[i]!) <= band[i]!).length / noise.length;
  // 4σ of a share of 400
  expect(Math.abs(inside - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / 400));
});
