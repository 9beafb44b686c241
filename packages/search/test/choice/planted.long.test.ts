/** Two hundred searches of each kind, and how often a difference is found. */
import { expect, test } from 'vitest';
import { power } from '../support/planted.ts';
import { plantedCases } from '../support/plantedCases.ts';

plantedCases(200);

test('power: of differences in standard deviations of a pair, on 25 fresh pairs of 5 folds', () => {
  const found = [0, 0.5, 1, 1.5, 2].map(effect => power(effect, 25, 2000, 0.25, 0.2));
  expect(found).toEqual([...found].sort((a, b) => a - b));
  const [none = 1, , one = 0, , two = 0] = found;
  expect(none).toBeLessThan(0.025 + 4 * Math.sqrt((0.025 * 0.975) / 2000));
  expect(one).toBeGreaterThan(0.4);
  expect(two).toBeGreaterThan(0.95);
});
