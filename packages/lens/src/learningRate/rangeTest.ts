/** A learning-rate range test, read: Smith 2017, "Cyclical learning rates for training neural networks", §3.3. */

import { ROUNDING } from '../cost/descend.ts';
import { zip } from '../statistics/vectors.ts';

/** Share of the past in the smoothed cost. */
const MEMORY = 0.9;

/** The exponential moving average, corrected for its start at 0. */
export function averaged(costs: readonly number[]): number[] {
  let average = 0;
  return costs.map((cost, i) => {
    average = MEMORY * average + (1 - MEMORY) * cost;
    return average / (1 - MEMORY ** (i + 1));
  });
}

/** Updates at the beginning whose average is mostly its start. */
const START = 5;

export interface Reading {
  /** Index of the lowest smoothed cost. */
  readonly lowest: number;
  /** Index of its steepest fall before that; null where it falls nowhere. */
  readonly steepest: number | null;
}

/** By the slope of the smoothed cost over its neighbours; the rates must be spaced evenly by their logarithm. */
export function read(smoothed: readonly number[]): Reading {
  const least = Math.min(...smoothed);
  const lowest = smoothed.indexOf(least);
  // slopes[0] is that at START
  const slopes = zip(
    smoothed.slice(START - 1),
    smoothed.slice(START + 1, lowest + 1),
    (before, after) => (after - before) / 2,
  );
  const fall = Math.min(...slopes);
  return { lowest, steepest: fall < -ROUNDING * Math.abs(least) ? START + slopes.indexOf(fall) : null };
}
