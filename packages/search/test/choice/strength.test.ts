import { expect, test } from 'vitest';
import { strength } from '../../src/choice/strength.ts';
import { keep, kind, lambda, rate } from '../support/candidates.ts';

test.each([
  ['off is 0', { keep: 1, lambda: 0, kind: 0 }, 0],
  ['all at its strongest is 1', { keep: 0.2, lambda: 1e-2, kind: 1 }, 1],
  ['half of 1 − p', { keep: 0.6, lambda: 0, kind: 0 }, 0.5 / 3],
  ['half of the logarithmic scale', { keep: 1, lambda: 1e-4, kind: 0 }, 0.5 / 3],
  ['what does not exist at this point counts 0', { kind: 1 }, 1 / 3],
  ['a learning rate has no strength', { keep: 1, lambda: 0, kind: 0, rate: 0.1 }, 0],
])('%s', (_, point, expected) => {
  expect(strength(point, [keep, lambda, kind, rate])).toBeCloseTo(expected, 12);
});

test('off within the bounds: the distance to either side, over the larger', () => {
  const around = { ...rate, name: 'shift', low: -1, high: 3, log: false, off: 0 };
  expect([-1, 0, 1.5, 3].map(shift => strength({ shift }, [around]))).toEqual([1 / 3, 0, 0.5, 1]);
  expect(strength({ keep: 0.5 }, [])).toBe(0);
});

test('a dimension may have the name of what every object has', () => {
  expect(strength({}, [{ ...lambda, name: 'constructor' }])).toBe(0);
});
