/** How many trials a search can have: no point is tried twice. */
import type { Dimension, Point, Sampler } from '../contract.ts';
import { off } from '../space/off.ts';
import { everyPoint, keyOf } from '../space/points.ts';
import { countOf, nthValue } from '../space/values.ts';

/**
 * As many trials as were asked for, or fewer where the sampler has no more points.
 * @param had the points of the trials so far; before the first one, "off" is the first
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

/** A continuous dimension has as many numbers as anybody counts. */
function* everyValue(dimension: Dimension): Generator<number> {
  const count = countOf(dimension);
  for (let k = 0; k < count; k++) yield Number.isFinite(count) ? nthValue(dimension, k) : k;
}
