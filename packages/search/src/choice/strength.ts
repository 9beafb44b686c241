/** The strength of regularization at a point. */
import { checkArgument } from '@keepprob/core/driver';
import { mean } from '@keepprob/lens/statistics';
import type { Dimension, Ordered, Point } from '../contract.ts';
import { dimensionsOption, pointOption } from '../parts.ts';
import { numberIn } from '../space/points.ts';

/**
 * The strength of regularization at a point: the mean distance from "off", over the dimensions that have an "off".
 *
 *     |v − off| / max(|low − off|, |high − off|)        a number; for a keepProb, 1 − p over its largest value
 *     (log v − log low) / (log high − log low)          on a logarithmic scale, and 0 if it is off
 *     0 if it is off, else 1                            a choice
 *
 * A dimension that does not exist at this point counts as 0. A dimension without an "off", such as a learning rate, does not count.
 * @returns a number from 0 (off) to 1
 * @example
 * const dimensions = [{ kind: 'keepProb', name: 'keep', low: 0.2, high: 1, off: 1, log: false, step: undefined, when: [] }];
 * strength({ keep: 0.6 }, dimensions); // 0.5
 * @throws OptionError if `point` is not a point, or `dimensions` is not a list of dimensions
 */
export function strength(point: Point, dimensions: readonly Dimension[]): number {
  checkArgument('strength', 'point', pointOption, point);
  checkArgument('strength', 'dimensions', dimensionsOption, dimensions);
  const counted = dimensions.filter(({ off }) => off !== undefined);
  if (counted.length === 0) return 0;
  return mean(counted.map(dimension => distance(numberIn(point, dimension.name), dimension)));
}

function distance(value: number | undefined, dimension: Dimension): number {
  const { off = 0 } = dimension;
  if (value === undefined || value === off) return 0;
  return dimension.kind === 'choice' ? 1 : farFrom(off, value, dimension);
}

function farFrom(off: number, value: number, { low, high, log }: Ordered): number {
  if (log) return Math.max(0, Math.log(value / low) / Math.log(high / low));
  return Math.abs(value - off) / Math.max(Math.abs(low - off), Math.abs(high - off));
}
