/** Differences of pairs, with their mean and its uncertainty. */
import { tQuantile } from './studentT.ts';
import { zip } from './vectors.ts';

export interface Paired {
  /** b − a of each pair. */
  readonly differences: readonly number[];
  readonly mean: number;
  /** Standard error of the mean; NaN for a single pair. */
  readonly error: number;
  /** 95 % interval of the mean (Student's t). */
  readonly interval: readonly [number, number];
  /** Number of pairs in which b is larger. */
  readonly up: number;
  /** From the interval; 'same' if all pairs agree exactly. */
  readonly direction: 'up' | 'down' | 'same' | 'cannotTell';
}

export function paired(a: readonly number[], b: readonly number[]): Paired {
  const differences = zip(a, b, (from, to) => to - from);
  const n = differences.length;
  const mean = differences.reduce((x, y) => x + y, 0) / n;
  const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (n - 1);
  const error = Math.sqrt(variance / n);
  const half = tQuantile(0.975, n - 1) * error;
  const interval = [mean - half, mean + half] as const;
  const up = differences.filter(d => d > 0).length;
  return { differences, mean, error, interval, up, direction: directionOf(differences, interval) };
}

function directionOf(differences: readonly number[], [low, high]: readonly [number, number]): Paired['direction'] {
  if (differences.every(d => d === 0)) return 'same';
  if (low > 0) return 'up';
  return high < 0 ? 'down' : 'cannotTell';
}
