/** Differences of pairs, with what can be said about their mean. */

export interface Paired {
  /** b − a of each pair. */
  readonly differences: readonly number[];
  readonly mean: number;
  /** Standard error of the mean; NaN for a single pair. */
  readonly error: number;
  /** 95 % interval of the mean (Student's t). */
  readonly interval: readonly [number, number];
  /** Pairs in which b is larger. */
  readonly up: number;
  /** By the interval; 'same' where all pairs agree exactly. */
  readonly direction: 'up' | 'down' | 'same' | 'cannot tell';
}

export function paired(a: readonly number[], b: readonly number[]): Paired {
  const differences = a.map((value, i) => (b[i] as number) - value);
  const n = differences.length;
  const mean = differences.reduce((x, y) => x + y, 0) / n;
  const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (n - 1);
  const error = Math.sqrt(variance / n);
  const half = tQuantile(n - 1) * error;
  const interval = [mean - half, mean + half] as const;
  const up = differences.filter(d => d > 0).length;
  return { differences, mean, error, interval, up, direction: directionOf(differences, interval) };
}

function directionOf(differences: readonly number[], [low, high]: readonly [number, number]): Paired['direction'] {
  if (differences.every(d => d === 0)) return 'same';
  if (low > 0) return 'up';
  return high < 0 ? 'down' : 'cannot tell';
}

const FIRST = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281];

/** The 97.5 % quantile of Student's t; beyond 10 degrees of freedom by Cornish and Fisher's expansion, good to 1e-3. */
export function tQuantile(degrees: number): number {
  if (degrees < 1) return Number.NaN;
  const z = 1.959964;
  return (
    FIRST[degrees - 1] ?? z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2)
  );
}
