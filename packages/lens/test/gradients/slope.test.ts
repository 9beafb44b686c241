import { expect, test } from 'vitest';
import { decide, type Slope } from '../../src/gradients/slope.ts';

test('wrong takes two steps that agree on the slope; kinks bend it differently at each', () => {
  const slope = (step: number, numeric: number, noise = 0.001): Slope => ({
    ...{ step, analytic: 1, numeric: { value: numeric, error: noise / 5, kink: 0 } },
    ...{ relativeError: Math.abs(1 - numeric), noise },
  });
  expect(decide([slope(0.1, 0.9), slope(0.01, 0.9)]).verdict).toBe('wrong');
  expect(decide([slope(0.1, 0.8), slope(0.01, 0.95)]).verdict).toBe('unresolved');
  expect(decide([slope(0.1, 0.8), slope(0.01, 1.001)]).verdict).toBe('sound');
  expect(decide([slope(0.1, 0.8), slope(0.01, 0.8, 0.5)]).verdict).toBe('unresolved');
});
