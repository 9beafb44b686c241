import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Evidence, judge, rowsToDecide } from '../../src/diagnose/judge.ts';

describe('from numbers alone', () => {
  const exactly = (value: number, half = 0) => ({
    value,
    error: half / 2,
    interval: [value - half, value + half] as const,
  });
  const evidence = (train: number, gap: number, half = 0): Evidence => ({
    train: exactly(train, half),
    gap: exactly(gap, half),
    baseline: 2,
    target: 0,
    falls: null,
  });

  test('the larger of bias and variance is the verdict; nothing is said across the tolerance', () => {
    expect(judge(evidence(0.02, 0.03), 0.05).verdict).toBe('fits');
    expect(judge(evidence(1, 0.03), 0.05).verdict).toBe('underfits');
    expect(judge(evidence(0.02, 1), 0.05).verdict).toBe('overfits');
    expect(judge(evidence(0.4, 0.8), 0.05).verdict).toBe('overfits');
    expect(judge(evidence(0.8, 0.4), 0.05).verdict).toBe('underfits');
    expect(judge(evidence(0.4, -0.8), 0.05).verdict).toBe('leaks');
    expect(judge(evidence(0.02, 0.09, 0.05), 0.05)).toMatchObject({
      verdict: 'cannotTell',
      reason: expect.stringMatching(/variance/),
    });
    expect(judge(evidence(0.09, 0.02, 0.05), 0.05)).toMatchObject({
      verdict: 'cannotTell',
      reason: expect.stringMatching(/bias/),
    });
  });

  test('a loss that still falls is said first, unless the validation loss rises', () => {
    const falls = (train: number, validation: number, over = false) => ({
      ...evidence(0.8, 0.02),
      falls: { train: exactly(train), validation: exactly(validation), over },
    });
    expect(judge(falls(0.1, 0.1), 0.05).verdict).toBe('notConverged');
    expect(judge(falls(0.01, 0.01), 0.05).verdict).toBe('underfits');
    expect(judge(falls(0.1, -0.1), 0.05).verdict).toBe('underfits');
    expect(judge(falls(0.1, 0.1, true), 0.05).verdict).toBe('underfits');
  });

  test('units do not matter: losses, baseline and target times c, the same verdict and shares', () => {
    const number = fc.double({ min: -1, max: 2, noNaN: true });
    const half = fc.double({ min: 0, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(number, number, half, fc.double({ min: 0.1, max: 100, noNaN: true }), (train, gap, h, c) => {
        const one = judge(evidence(train, gap, h), 0.05);
        const scaled = {
          train: exactly(c * train, c * h),
          gap: exactly(c * gap, c * h),
          baseline: 2 * c,
          target: 0,
          falls: null,
        };
        const other = judge(scaled, 0.05);
        expect(other.bias[0]).toBeCloseTo(one.bias[0], 9);
        expect(other.variance[1]).toBeCloseTo(one.variance[1], 9);
      }),
    );
  });

  test('rows that would tell: an interval half as wide takes four times as many', () => {
    // tolerance 5 % of 2 = 0.1; the gap is 0.2 ± 0.2, and must shrink to ± 0.1
    expect(rowsToDecide(evidence(0, 0.2, 0.2), 0.05, 100)).toBe(400);
    expect(rowsToDecide(evidence(0, 0.2, 0.05), 0.05, 100)).toBeNull();
  });
});
