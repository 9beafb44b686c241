import { expect, test } from 'vitest';
import { paired } from '../../src/statistics/paired.ts';

test('paired: mean, standard error, interval', () => {
  // differences 1, 2, 3: mean 2, error 1/√3, t(2) = 4.3027
  const p = paired([0, 0, 0], [1, 2, 3]);
  expect(p).toMatchObject({ mean: 2, up: 3, direction: 'cannotTell' });
  expect(p.error).toBeCloseTo(1 / Math.sqrt(3), 12);
  expect(p.interval[0]).toBeCloseTo(2 - 4.3027 / Math.sqrt(3), 4);
  expect(paired([0, 0, 0], [2, 2.1, 1.9]).direction).toBe('up');
  expect(paired([1], [1]).direction).toBe('same');
  expect(paired([1], [2]).direction).toBe('cannotTell');
});
