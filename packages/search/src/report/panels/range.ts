/** The range of values that a picture shows: all except those so bad that the others could not be distinguished. */

export interface Range {
  readonly domain: readonly [low: number, high: number];
  /** The nearest value in the domain. */
  clamp(value: number): number;
  /** Number of values outside the domain. */
  readonly beyond: number;
}

/** Maximum distance of shown values from the worse quartile, in interquartile ranges. */
const FENCE = 3;
const NEEDED = 8;

/** @param sign 1 if lower is better, −1 if higher is */
export function rangeOf(values: readonly number[], sign: 1 | -1): Range {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  const width = at(0.75) - at(0.25);
  const isFenced = sorted.length >= NEEDED && width > 0;
  const low = isFenced && sign === -1 ? Math.max(at(0), at(0.25) - FENCE * width) : at(0);
  const high = isFenced && sign === 1 ? Math.min(at(1), at(0.75) + FENCE * width) : at(1);
  const air = 0.06 * (high - low || Math.abs(high) || 1);
  return {
    domain: sorted.length === 0 ? [0, 1] : [low - air, high + air],
    clamp: value => Math.min(high + air, Math.max(low - air, value)),
    beyond: sorted.filter(value => value < low || value > high).length,
  };
}
