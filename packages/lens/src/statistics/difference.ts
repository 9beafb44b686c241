/**
 * A paired difference over seeds and rows: both arms start from the same weights and see the same batches for each seed, and are measured on the same validation
 * rows.
 */
import { type Measured, mean, variance, withDegrees } from './measured.ts';
import { tQuantile } from './studentT.ts';
import { columnMeans, type Numbers, sum, zip } from './vectors.ts';

/** A paired difference and its uncertainty. */
export interface Difference extends Measured {
  /** The part of the standard error that comes from the seeds. */
  readonly bySeeds: number;
  /** The part of the standard error that comes from the validation rows. */
  readonly byRows: number;
}

/**
 * The mean of b − a over seeds and rows, both treated as samples: the interval covers what other seeds and other rows would give.
 *
 *     d_si = b_si − a_si        Var(d̄) = (MS_seed + MS_row − MS_both) / (S N)        (two-way analysis of variance, random effects)
 * @param a values by row, such as losses or 1 for a wrong answer, one list per seed
 * @param b values of the other arm, for the same seeds and rows
 * @example
 * const { value, interval } = differenceOf([[1, 0, 1, 1], [1, 1, 1, 0]], [[0, 0, 1, 0], [0, 0, 1, 0]], 0.95);
 * value; // -0.5
 * interval; // [-1.150, 0.150]
 */
export function differenceOf(a: readonly Numbers[], b: readonly Numbers[], confidence: number): Difference {
  const [seeds, rows] = [a.length, a[0]?.length ?? 0];
  const d = zip(a, b, (plain, dropped) => zip(plain, dropped, (from, to) => to - from));
  const bySeed = d.map(mean);
  const byRow = columnMeans(d);
  const value = mean(bySeed);
  const residual = sum(
    zip(d, bySeed, (values, ofSeed) => sum(zip(values, byRow, (v, ofRow) => (v - ofSeed - ofRow + value) ** 2))),
  );
  const both = residual / ((seeds - 1) * (rows - 1)) / (seeds * rows);
  const [ofSeeds, ofRows] = [variance(bySeed) / seeds, variance(byRow) / rows];
  const total = Math.max(ofSeeds, ofRows, ofSeeds + ofRows - both);
  // Satterthwaite 1946
  const degrees = (ofSeeds + ofRows) ** 2 / (ofSeeds ** 2 / (seeds - 1) + ofRows ** 2 / (rows - 1));
  return {
    ...withDegrees(value, Math.sqrt(total), total > 0 ? degrees : seeds - 1, confidence),
    bySeeds: Math.sqrt(ofSeeds),
    byRows: Math.sqrt(Math.max(0, ofRows - both)),
  };
}

/** How much more data it takes to decide. */
export interface Needed {
  /** How many seeds it would take for the interval to exclude 0, if the difference is as measured; null if no number of seeds would be enough. */
  readonly seeds: number | null;
  /** How many validation rows it takes in that case, with many seeds; null if the rows are enough. */
  readonly rows: number | null;
}

const MOST_UNITS = 10_000;

/**
 * The smallest number of units n that would distinguish a difference of this size from 0, if it is as measured: t_{n−1} √(perUnit / n + fixed) < size.
 * @param perUnit variance per unit, which n units divide by n
 * @param fixed variance that no number of units reduces
 * @example
 * unitsToTell(1, 5, 0, 0.95); // 22
 * unitsToTell(1, 5, 0.3, 0.95); // null
 * @returns null if 10,000 units would not be enough
 */
export function unitsToTell(size: number, perUnit: number, fixed: number, confidence: number): number | null {
  const tells = (n: number): boolean => {
    const t = tQuantile((1 + confidence) / 2, Math.max(1, n - 1));
    return t * Math.sqrt(perUnit / n + fixed) < size;
  };
  if (!tells(MOST_UNITS)) return null;
  let [low, high] = [1, MOST_UNITS];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (tells(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * The number of seeds or rows needed to distinguish a difference of this size from 0, if it is as measured.
 * @param seeds number of seeds it was measured with
 * @param rows number of rows it was measured on
 * @example
 * needed({ value: 1, error: 1, interval: [-1.8, 3.8], bySeeds: 1, byRows: 0 }, 5, 100, 0.95); // { seeds: 22, rows: null }
 */
export function needed(
  { value, bySeeds, byRows }: Difference,
  seeds: number,
  rows: number,
  confidence: number,
): Needed {
  const size = Math.abs(value);
  const enough = unitsToTell(size, bySeeds ** 2 * seeds, byRows ** 2, confidence);
  if (enough !== null) return { seeds: enough, rows: null };
  const most =
    size > 0
      ? Math.ceil(rows * ((tQuantile((1 + confidence) / 2, 1e6) * byRows) / size) ** 2)
      : Number.POSITIVE_INFINITY;
  return { seeds: null, rows: Number.isFinite(most) && most > rows ? most : null };
}
