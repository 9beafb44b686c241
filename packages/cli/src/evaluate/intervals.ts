/** Numbers measured on some rows, with a 95 % confidence interval for the value on all such rows. */
import { mean, variance, withDegrees } from '@keepprob/lens/statistics';

export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const CONFIDENCE = 0.95;
/** The quantile 0.975 of the normal distribution. */
const Z = 1.959963984540054;

/** The share k / n with Wilson's score interval (1927), which stays within [0, 1] and is also right for few rows. NaN if n is 0. */
export function proportion(k: number, n: number): Estimate {
  const p = k / n;
  const center = (p + (Z * Z) / (2 * n)) / (1 + (Z * Z) / n);
  const half = (Z * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n))) / (1 + (Z * Z) / n);
  return { value: p, low: Math.max(0, center - half), high: Math.min(1, center + half) };
}

/** The mean over rows with Student's t interval, cut at `least`, the lower bound of all values. A single row has no interval: NaN. */
export function meanOf(values: Float64Array, least = Number.NEGATIVE_INFINITY): Estimate {
  const error = Math.sqrt(variance(values) / values.length);
  const { value, interval } = withDegrees(mean(values), error, values.length - 1, CONFIDENCE);
  return { value, low: Math.max(least, interval[0]), high: interval[1] };
}

/** Value ± z · error, for a value that is normal in large samples. */
export const normal = (value: number, error: number): Estimate => ({
  value,
  low: value - Z * error,
  high: value + Z * error,
});

/** f of an estimate, for an increasing f. */
export const growing = ({ value, low, high }: Estimate, f: (x: number) => number): Estimate => ({
  value: f(value),
  low: f(low),
  high: f(high),
});

/**
 * Σa / Σb over rows, as for 1 − R²: linearized, with the standard error √(Σ(a − r b)² / (n (n − 1))) / mean(b) (Cochran 1977, §2.11).
 */
export function ratioOf(a: Float64Array, b: Float64Array): Estimate {
  const n = a.length;
  const ratio = mean(a) / mean(b);
  let squares = 0;
  for (const [i, value] of a.entries()) squares += (value - ratio * (b[i] ?? 0)) ** 2;
  return normal(ratio, Math.sqrt(squares / (n * (n - 1))) / mean(b));
}
