import type { Dimension, Point, Random, Sampler } from '../contract.ts';
import { pointOf } from '../space/points.ts';
import { valueAt } from '../space/values.ts';
import { unused } from './unused.ts';

/** Number of draws before the unused points of a finite space are tried in order. */
const TRIES = 100;

/** A random point, uniform on the scale of each dimension. */
export const randomPoint = (dimensions: readonly Dimension[], random: Random): Point =>
  pointOf(dimensions, dimension => valueAt(dimension, random.uniform()));

/**
 * Independent points, uniform on the scale of each dimension: log-uniform with `log` (J. Bergstra & Y. Bengio, "Random search for hyper-parameter
 * optimization", JMLR 13, 2012). No point is suggested twice; null when a finite space is used up.
 * @example
 * const { dimensions } = readSpace({ keep: keepProb(0.3, 1) });
 * const point = random().suggest(dimensions, [], randomOf(7, 0));
 * point.keep >= 0.3 && point.keep <= 1; // true
 */
export const random = (): Sampler => ({
  name: 'random',
  suggest: (dimensions, told, stream) => unused(dimensions, told, draws(dimensions, stream), stream),
});

function* draws(dimensions: readonly Dimension[], stream: Random): Generator<Point> {
  for (let i = 0; i < TRIES; i++) yield randomPoint(dimensions, stream);
}
