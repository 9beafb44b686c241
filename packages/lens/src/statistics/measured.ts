/** Numbers with what they can be relied on. */
import { uniforms } from '@keepprob/core/random';
import { tQuantile } from './studentT.ts';

export interface Measured {
  readonly value: number;
  /** Standard error. */
  readonly error: number;
  /** Holds the true value with the confidence asked for. */
  readonly interval: readonly [low: number, high: number];
}

export const mean = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
};

/** Σ (v − mean)² / (n − 1). */
export const variance = (values: ArrayLike<number>): number => {
  const m = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += ((values[i] as number) - m) ** 2;
  return sum / (values.length - 1);
};

/** A value with a standard error of so many degrees of freedom (Student's t). */
export function withDegrees(value: number, error: number, degrees: number, confidence: number): Measured {
  const half = tQuantile((1 + confidence) / 2, degrees) * error;
  return { value, error, interval: [value - half, value + half] };
}

/** The mean of independent values. */
export const meanOf = (values: ArrayLike<number>, confidence: number): Measured =>
  withDegrees(mean(values), Math.sqrt(variance(values) / values.length), values.length - 1, confidence);

/** Numbers drawn for resampling, at most. */
const DRAWS = 5e6;
const RESAMPLES = 1000;

/**
 * The means of `a`, of `b` and b − a, with percentile intervals of the bootstrap (Efron & Tibshirani 1993, §13): rows drawn again with
 * replacement, in each of the two by itself.
 */
export function bootstrap(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  confidence: number,
  seed: number,
): { readonly a: Measured; readonly b: Measured; readonly difference: Measured } {
  const size = Math.max(a.length, b.length);
  const count = Math.max(200, Math.min(RESAMPLES, Math.floor(DRAWS / size)));
  const means = (values: ArrayLike<number>, site: number): number[] =>
    Array.from({ length: count }, (_, step) => {
      const u = uniforms({ seed, step, site, draw: 0 }, values.length);
      let sum = 0;
      for (let i = 0; i < u.length; i++) sum += values[Math.floor((u[i] as number) * values.length)] as number;
      return sum / values.length;
    });
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
      bgain.map((m, i) => m - (again[i] as number)),
    ),
  };
}

function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((x, y) => x - y);
  const at = p * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)] as number, sorted[Math.ceil(at)] as number];
  return low + (high - low) * (at - Math.floor(at));
}
