import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Dimension } from '../../src/contract.ts';
import { isPointOf, keyOf } from '../../src/space/points.ts';
import { countOf, evenValue, isIn, nearestIndex, nthValue, valueAt } from '../../src/space/values.ts';
import { anyLeaf, dimensionsOf } from '../support/spaces.ts';

const one = (space: unknown): Dimension => {
  const [dimension] = dimensionsOf({ x: space });
  if (!dimension) throw new Error('a space has a dimension');
  return dimension;
};

test('law: every share of a dimension is a number of it, and its bounds come', () => {
  fc.assert(
    fc.property(anyLeaf, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (space, u) => {
      const dimension = one(space);
      expect(isIn(dimension, valueAt(dimension, u))).toBe(true);
      const ends = [valueAt(dimension, 0), valueAt(dimension, 1 - 2 ** -53)].toSorted((a, b) => a - b);
      const [low, high] =
        dimension.kind === 'choice' ? [0, dimension.labels.length - 1] : [dimension.low, dimension.high];
      for (const [i, bound] of [low, high].entries())
        expect(Math.abs((ends[i] ?? 0) - bound)).toBeLessThanOrEqual(1e-9 * (high - low));
    }),
  );
});

test('law: what is evenly spaced are numbers of the dimension, both bounds exactly among them', () => {
  fc.assert(
    fc.property(anyLeaf, fc.double({ min: 0, max: 1, noNaN: true }), (space, s) => {
      const dimension = one(space);
      if (dimension.kind === 'choice') return;
      expect(isIn(dimension, evenValue(dimension, s))).toBe(true);
      const ends = [evenValue(dimension, 0), evenValue(dimension, 1)].toSorted((a, b) => a - b);
      expect(ends).toEqual([dimension.low, dimension.high]);
    }),
  );
});

test('law: steps are counted, and each is nearest to itself', () => {
  fc.assert(
    fc.property(anyLeaf, fc.nat(), (space, n) => {
      const dimension = one(space);
      if (dimension.kind === 'choice' || !Number.isFinite(countOf(dimension))) return;
      const k = n % countOf(dimension);
      expect(nearestIndex(dimension, nthValue(dimension, k))).toBe(k);
    }),
  );
});

test('a step as another program writes it is the same step', () => {
  const dimensions = [one({ space: 'float', low: 0.1, high: 1, step: 0.1 })];
  const [own, theirs] = [{ x: 0.3 }, { x: 0.1 + 2 * 0.1 }];
  expect(own.x).not.toBe(theirs.x);
  expect([own, theirs, { x: 0.35 }, { x: 1.1 }, {}].map(point => isPointOf(dimensions, point))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(keyOf(dimensions, own)).toBe(keyOf(dimensions, theirs));
});
