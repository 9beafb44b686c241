/** Evaluates a learning-rate range test: Smith 2017, "Cyclical learning rates for training neural networks", §3.3. */

import { ROUNDING } from '../cost/descend.ts';
import { zip } from '../statistics/vectors.ts';

/** Weight of the previous average in the smoothed cost. */
const MEMORY = 0.9;

/** The exponential moving average, corrected for its start at 0. */
export function averaged(costs: readonly number[]): number[] {
  let average = 0;
  return costs.map((cost, i) => {
    average = MEMORY * average + (1 - MEMORY) * cost;
    return average / (1 - MEMORY ** (i + 1));
  });
}

/** Number of first updates to skip, whose average is dominated by the start. */
const START = 5;

export interface Reading {
  /** Index of the lowest smoothed cost. */
  readonly lowest: number;
  /** Index of its steepest fall before that; null if it never falls. */
  readonly steepest: number | null;
}

/** Uses the slope of the smoothed cost between neighbors; the rates must be evenly spaced on a logarithmic scale. */
export function read(smoothed: readonly number[]): Reading {
  const least = Math.min(...smoothed);
  const lowest = smoothed.indexOf(least);
  // slopes[0] is the slope at START
  const slopes = zip(
    smoothed.slice(START - 1),
    smoothed.slice(START + 1, lowest + 1),
    (before, after) => (after - before) / 2,
  );
  const fall = Math.min(...slopes);
  return { lowest, steepest: fall < -ROUNDING * Math.abs(least) ? START + slopes.indexOf(fall) : null };
}
