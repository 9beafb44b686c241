import type { Dimension, Point, Random, Told } from '../contract.ts';
import { everyPoint, keyOf } from '../space/points.ts';
import { countOf, nthValue, valueAt } from '../space/values.ts';

/** The first of these points that no trial has had. Running and failed trials count: their points would give the same result on the same folds and seeds. */
export function firstNew(
  dimensions: readonly Dimension[],
  told: readonly Told[],
  tries: Iterable<Point>,
): Point | null {
  const had = new Set(told.map(({ point }) => keyOf(dimensions, point)));
  for (const point of tries) if (!had.has(keyOf(dimensions, point))) return point;
  return null;
}

/** The first new one of these points, or else of the whole space; null if every point was used. Continuous dimensions are drawn at random. */
export const unused = (
  dimensions: readonly Dimension[],
  told: readonly Told[],
  tries: Iterable<Point>,
  random: Random,
): Point | null =>
  firstNew(dimensions, told, tries) ??
  firstNew(
    dimensions,
    told,
    everyPoint(dimensions, dimension => everyValue(dimension, random)),
  );

function* everyValue(dimension: Dimension, random: Random): Generator<number> {
  const count = countOf(dimension);
  if (!Number.isFinite(count)) return yield valueAt(dimension, random.uniform());
  for (let k = 0; k < count; k++) yield nthValue(dimension, k);
}
