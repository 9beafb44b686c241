import { describe, expect, test } from 'vitest';
import { derivative, STENCIL } from '../../src/gradients/derivative.ts';

describe('the derivative by values on both sides', () => {
  const at = (f: (x: number) => number, h: number) => derivative(STENCIL.map(k => f(k * h)), h); // biome-ignore format: one thought
  test('is exact for cubics, and within its error for others', () => {
    expect(at(x => 2 + 3 * x - x ** 2 + 5 * x ** 3, 0.1).value).toBeCloseTo(3, 10);
    const { value, error } = at(x => Math.fround(10 + Math.sin(x)), 2 ** -7);
    expect(Math.abs(value - 1)).toBeLessThan(5 * error);
    expect(error).toBeLessThan(1e-4);
  });
  test('says when rounding hides it', () => {
    const { error } = at(x => Math.fround(1e4 + 1e-3 * x), 1e-2);
    expect(error).toBeGreaterThan(1e-3);
  });
});

test('a kink at the point: half the jump of the slope, and about none where there is none', () => {
  const at = (f: (x: number) => number, h = 0.01) =>
    derivative(
      STENCIL.map(k => Math.fround(f(k * h))),
      h,
    );
  // slopes −1 and 3 on the two sides
  expect(at(x => x + 2 * Math.abs(x)).kink).toBeCloseTo(2, 3);
  expect(at(x => x + 2 * Math.abs(x)).value).toBeCloseTo(1, 3);
  expect(at(x => Math.exp(x)).kink).toBeLessThan(1e-3);
});
