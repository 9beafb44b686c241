import type { Dimension, Point } from '../contract.ts';
import { numberIn, pointOf } from './points.ts';
import { middleOf } from './values.ts';

/**
 * The point "off": what was chosen with its regularizers switched off. Whatever has an "off" takes it: a keepProb 1, also where that is out of its bounds, and
 * else the `off` of its space. All else, such as a learning rate, keeps its number in `chosen`, so that a comparison of the two in pairs tells of the
 * regularizers alone. What `chosen` does not have, or everything before anything is chosen, takes the middle of its scale, a choice its first value.
 * @example
 * const { dimensions } = readSpace({ keep: keepProb(0.3, 0.9), learningRate: float(0.001, 0.1, { log: true }), units: int(8, 24) });
 * off(dimensions, { keep: 0.5, learningRate: 0.02, units: 12 }); // { keep: 1, learningRate: 0.02, units: 12 }
 * off(dimensions); // { keep: 1, learningRate: 0.01, units: 16 }
 * @returns null for a space in which nothing has an "off"
 */
export function off(dimensions: readonly Dimension[], chosen: Point = {}): Point | null {
  if (dimensions.every(dimension => dimension.off === undefined)) return null;
  return pointOf(dimensions, dimension => dimension.off ?? numberIn(chosen, dimension.name) ?? middleOf(dimension));
}
