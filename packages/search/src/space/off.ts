import { checkArgument } from '@keepprob/core/driver';
import type { Dimension, Point } from '../contract.ts';
import { dimensionsOption, pointOption } from '../parts.ts';
import { numberIn, pointOf } from './points.ts';
import { middleOf } from './values.ts';

/**
 * The point "off": the chosen point with its regularizers switched off. Each dimension with an "off" takes it: a keepProb takes 1, even if that is
 * outside its bounds, and other spaces their `off`. All others, such as a learning rate, keep their number from `chosen`, so a paired comparison of the
 * two is about the regularizers alone. Dimensions missing from `chosen`, or all of them before anything is chosen, take the middle of their scale, and a
 * choice its first value.
 * @example
 * const { dimensions } = readSpace({ keep: keepProb(0.3, 0.9), learningRate: float(0.001, 0.1, { log: true }), units: int(8, 24) });
 * off(dimensions, { keep: 0.5, learningRate: 0.02, units: 12 }); // { keep: 1, learningRate: 0.02, units: 12 }
 * off(dimensions); // { keep: 1, learningRate: 0.01, units: 16 }
 * @returns null if nothing in the space has an "off"
 * @throws OptionError if `dimensions` is not a list of dimensions, or `chosen` is not a point
 */
export function off(dimensions: readonly Dimension[], chosen: Point = {}): Point | null {
  checkArgument('off', 'dimensions', dimensionsOption, dimensions);
  checkArgument('off', 'chosen', pointOption, chosen);
  if (dimensions.every(dimension => dimension.off === undefined)) return null;
  return pointOf(dimensions, dimension => dimension.off ?? numberIn(chosen, dimension.name) ?? middleOf(dimension));
}
