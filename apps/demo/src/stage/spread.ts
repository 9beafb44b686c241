/** What many runs come to: a middle, and how far they lie apart. */
import { mean, quantile } from '@keepprob/lens/statistics';

export interface Spread {
  readonly lower: number;
  readonly middle: number;
  readonly upper: number;
}

/** The median; half of the values lie between the edges. */
export const quartersOf = (values: readonly number[]): Spread => ({
  lower: quantile(values, 0.25),
  middle: quantile(values, 0.5),
  upper: quantile(values, 0.75),
});

/** The mean; all values lie between the edges. */
export const rangeOf = (values: readonly number[]): Spread => ({
  lower: Math.min(...values),
  middle: mean(values),
  upper: Math.max(...values),
});
