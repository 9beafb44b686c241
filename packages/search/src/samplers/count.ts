/** The number of trials that a search can have, since no point is tried twice. */
import type { Dimension, Point, Sampler } from '../contract.ts';
import { off } from '../space/off.ts';
import { everyPoint, keyOf } from '../space/points.ts';
import { countOf, nthValue } from '../space/values.ts';

/**
 * The requested number of trials, or fewer if the sampler runs out of points.
 * @param had the points of the trials so far; if there are none, "off" will be the first
 */
export function trialsAtMost(
  trials: number,
  { points }: Sampler,
  dimensions: readonly Dimension[],
  had: readonly Point[],
): number {
  const first = had.length > 0 ? null : off(dimensions);
  const keys = new Set([...had, ...(first ? [first] : [])].map(point => keyOf(dimensions, point)));
  let most = first ? 1 : had.length;
  for (const point of points?.(dimensions) ?? everyPoint(dimensions, everyValue)) {
    if (most >= trials) return trials;
    if (!keys.has(keyOf(dimensions, point))) most++;
  }
  return Math.min(most, trials);
}

/** Counts the values of a dimension; a continuous dimension has infinitely many. */
function* everyValue(dimension: Dimension): Generator<number> {
  const count = countOf(dimension);
  for (let k = 0; k < count; k++) yield Number.isFinite(count) ? nthValue(dimension, k) : k;
}
