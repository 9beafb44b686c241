import { checkOptions, option } from '@keepprob/core';
import type { Dimension, Point, Sampler } from '../contract.ts';
import { everyPoint } from '../space/points.ts';
import { countOf, evenValue, nthValue } from '../space/values.ts';
import { firstNew } from './unused.ts';

/** Options of `grid`. */
export interface GridOptions {
  /**
   * Number of values tried per dimension, both bounds included; 5 by default. Integers and steps take the nearest value. A dimension with fewer values
   * contributes all of them.
   */
  readonly per?: number;
}

const specs = { per: option.number({ min: 2, integer: true, fallback: 5 }) };

/**
 * Every combination of `per` values of each dimension, evenly spaced on its scale, bounds included; a dimension with fewer values contributes all of them.
 * The last dimension changes fastest. Null at the end. Use it for one or two dimensions: d of them have per^d points.
 * @example
 * const { dimensions } = readSpace({ keep: keepProb(0.5, 1), act: choice(['relu', 'tanh']) });
 * grid({ per: 3 }).suggest(dimensions, [], randomOf(7, 0)); // { keep: 1, act: 0 }
 * @throws OptionError for `per` below 2
 */
export function grid(options: GridOptions = {}): Sampler {
  const { per } = checkOptions<GridOptions>('grid', specs, options);
  const points = (dimensions: readonly Dimension[]): Iterable<Point> =>
    everyPoint(dimensions, dimension => evenly(dimension, per));
  return {
    name: 'grid',
    points,
    suggest: (dimensions, told) => firstNew(dimensions, told, points(dimensions)),
  };
}

/** All values, or `per` of them, as evenly spaced as possible. */
function evenly(dimension: Dimension, per: number): number[] {
  const count = countOf(dimension);
  if (dimension.kind === 'choice' || count <= per)
    return Array.from({ length: count }, (_, k) => nthValue(dimension, k));
  return [...new Set(Array.from({ length: per }, (_, i) => evenValue(dimension, i / (per - 1))))];
}
