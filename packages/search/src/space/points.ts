/** Points of a space: which dimensions exist at a point, and how points are distinguished. */
import type { Dimension, Point } from '../contract.ts';
import { isIn, nearestIndex } from './values.ts';

/** The number of a dimension at a point; undefined if the point has none. */
export const numberIn = (point: Point, name: string): number | undefined =>
  Object.hasOwn(point, name) ? point[name] : undefined;

/** Whether a dimension exists for these numbers of the choices: each choice that it depends on took its branch. */
const existsWhere = ({ when }: Dimension, numberOf: (name: string) => number | undefined): boolean =>
  when.every(({ name, branch }) => numberOf(name) === branch);

/** Whether a dimension exists at a point. */
export const exists = (dimension: Dimension, point: Point): boolean =>
  dimension.when.length === 0 || existsWhere(dimension, name => numberIn(point, name));

/** The point whose dimensions, as far as they exist, have these numbers. `number` is called in the order of the dimensions. */
export function pointOf(
  dimensions: readonly Dimension[],
  number: (dimension: Dimension, index: number) => number,
): Point {
  const numbers = new Map<string, number>();
  for (const [i, dimension] of dimensions.entries()) {
    if (existsWhere(dimension, name => numbers.get(name))) numbers.set(dimension.name, number(dimension, i));
  }
  return Object.fromEntries(numbers);
}

/** A key that two points share only if every dimension that exists has the same number in both, or the same step. */
export const keyOf = (dimensions: readonly Dimension[], point: Point): string =>
  dimensions
    .map(dimension => (exists(dimension, point) ? placeOf(dimension, numberIn(point, dimension.name)) : ''))
    .join();

function placeOf(dimension: Dimension, x: number | undefined): string {
  const isStep = dimension.kind !== 'choice' && dimension.step !== undefined && isIn(dimension, x);
  return isStep ? `step ${nearestIndex(dimension, x)}` : String(x);
}

/** Whether it is a point of this space: every dimension that exists has a number within the bounds. "Off" need not be one. */
export const isPointOf = (dimensions: readonly Dimension[], point: Point): boolean =>
  dimensions.every(dimension => !exists(dimension, point) || isIn(dimension, numberIn(point, dimension.name)));

/**
 * Every point, the last dimension changing fastest.
 * @param valuesOf the numbers of a dimension to use
 */
export function* everyPoint(
  dimensions: readonly Dimension[],
  valuesOf: (dimension: Dimension) => Iterable<number>,
  point: Point = {},
): Generator<Point> {
  const [first, ...rest] = dimensions;
  if (!first) return yield point;
  if (!exists(first, point)) return yield* everyPoint(rest, valuesOf, point);
  for (const value of valuesOf(first))
    yield* everyPoint(rest, valuesOf, Object.fromEntries([...Object.entries(point), [first.name, value]]));
}
