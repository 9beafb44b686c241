/** Numbers with their uncertainty. */
import { uniforms } from '@keepprob/core/random';
import { tQuantile } from './studentT.ts';
import { type Numbers, sum, zip } from './vectors.ts';

/** A number and its uncertainty. */
export interface Measured {
  /** The estimate. */
  readonly value: number;
  /** Standard error. */
  readonly error: number;
  /** Contains the true value with the given confidence. */
  readonly interval: readonly [low: number, high: number];
}

/**
 * Σ v / n.
 * @example
 * mean([1, 2, 6]); // 3
 */
export const mean = (values: Numbers): number => sum(values) / values.length;

/**
 * Σ (v − mean)² / (n − 1); NaN for a single value.
 * @example
 * variance([1, 2, 3]); // 1
 */
export const variance = (values: Numbers): number => {
  const m = mean(values);
  let squares = 0;
  for (const value of values) squares += (value - m) ** 2;
  return squares / (values.length - 1);
};

/**
 * A value whose standard error has this many degrees of freedom: value ± t error (Student's t).
 * @example
 * withDegrees(2, 0.5, 9, 0.95); // { value: 2, error: 0.5, interval: [0.869, 3.131] }
 */
export function withDegrees(value: number, error: number, degrees: number, confidence: number): Measured {
  const half = tQuantile((1 + confidence) / 2, degrees) * error;
  return { value, error, interval: [value - half, value + half] };
}

/**
 * The mean of independent values, error √(s² / n) with n − 1 degrees of freedom.
 * @example
 * meanOf([1, 2, 3], 0.95); // { value: 2, error: 0.577, interval: [-0.484, 4.484] }
 */
export const meanOf = (values: Numbers, confidence: number): Measured =>
  withDegrees(mean(values), Math.sqrt(variance(values) / values.length), values.length - 1, confidence);

/** Maximum number of values drawn for resampling. */
const DRAWS = 5e6;
const RESAMPLES = 1000;

/**
 * The means of `a`, of `b` and of b − a, with percentile intervals of the bootstrap (Efron & Tibshirani 1993, §13): rows are resampled with replacement,
 * independently in `a` and `b`.
 */
export function bootstrap(
  a: Numbers,
  b: Numbers,
  confidence: number,
  seed: number,
): { readonly a: Measured; readonly b: Measured; readonly difference: Measured } {
  const size = Math.max(a.length, b.length);
  const count = Math.max(200, Math.min(RESAMPLES, Math.floor(DRAWS / size)));
  const means = (given: Numbers, site: number): number[] => {
    const values = Float64Array.from(given);
    return Array.from({ length: count }, (_, step) => {
      let total = 0;
      for (const u of uniforms({ seed, step, site, draw: 0 }, values.length))
        total += values[Math.floor(u * values.length)] ?? Number.NaN;
      return total / values.length;
    });
  };
  const [again, bgain] = [means(a, 0), means(b, 1)];
  const measured = (value: number, resampled: readonly number[]): Measured => ({
    value,
    error: Math.sqrt(variance(resampled)),
    interval: [quantile(resampled, (1 - confidence) / 2), quantile(resampled, (1 + confidence) / 2)],
  });
  return {
    a: measured(mean(a), again),
    b: measured(mean(b), bgain),
    difference: measured(
      mean(b) - mean(a),
      zip(bgain, again, (mb, ma) => mb - ma),
    ),
  };
}

/**
 * The value below which a share p of the values lies, linear between neighbors (type 7 of Hyndman & Fan 1996); NaN for no values.
 * @example
 * quantile([3, 1, 2, 6], 0.5); // 2.5
 */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((x, y) => x - y);
  const at = p * (sorted.length - 1);
  const [low = Number.NaN, high = low] = sorted.slice(Math.floor(at));
  return low + (high - low) * (at - Math.floor(at));
}
