import { checkOptions, option, type Schedule } from '@keepprob/core';

/** Options of `oneCycle`. */
export interface OneCycleOptions {
  /** The largest value, > 0. */
  readonly peak: number;
  /** Number of updates in the whole cycle. */
  readonly steps: number;
  /** Where it starts; peak / 25 by default. */
  readonly from?: number;
  /** Where it ends; from / 10,000 by default. */
  readonly to?: number;
  /** Fraction of the updates before the peak, 0 < rise < 1; 0.3 by default. */
  readonly rise?: number;
}

const specs = {
  peak: option.number({ above: 0 }),
  steps: option.number({ min: 2, integer: true }),
  from: option.optional(option.number()),
  to: option.optional(option.number()),
  rise: option.number({ above: 0, below: 1, fallback: 0.3 }),
};

/**
 * One cycle (Smith & Topin 2018): half a cosine up to the peak, and another one down far below the start; PyTorch's `OneCycleLR` with its defaults.
 * @example
 * schedule({
 *   learningRate: oneCycle({ peak: 0.1, steps: 1000 }),
 *   momentum: oneCycle({ peak: 0.85, steps: 1000, from: 0.95, to: 0.95 }), // goes the other way
 * });
 * @throws OptionError for a peak that is not > 0, steps below 2, rise out of (0, 1)
 */
export function oneCycle(options: OneCycleOptions): Schedule {
  const { peak, steps, rise, ...ends } = checkOptions('oneCycle', specs, options);
  const { from = peak / 25 } = ends;
  const { to = from / 1e4 } = ends;
  // as there, the peak is at update rise · steps − 1, between two updates if need be, and the last update has `to`
  const top = rise * steps - 1;
  const down = cosineOver([peak, to], steps - 1 - top);
  const parts = top > 0 ? [cosineOver([from, peak], top), down] : [down];
  return Object.freeze({
    schedule: 'sequence',
    values: parts.flatMap(({ values }) => values),
    parts,
    steps: top > 0 ? [0, top] : [top],
  });
}

/** Half a cosine over a number of updates that need not be whole. */
const cosineOver = (values: readonly [from: number, to: number], steps: number) =>
  Object.freeze({ schedule: 'cosine', values, steps } as const);
