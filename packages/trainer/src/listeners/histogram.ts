/** A distribution of numbers, in the form of TensorBoard's HistogramProto. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  /** Upper limits of the buckets, the last one `max`. */
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}

/** The same number as in `tf.summary.histogram`. */
const BUCKETS = 30;

/**
 * Thirty buckets of equal width from the smallest to the largest number, or one if these are equal. NaN and infinities are ignored; undefined if no number is left.
 */
export function histogramOf(values: ArrayLike<number>): Histogram | undefined {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [count, sum, sumOfSquares] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    sumOfSquares += value * value;
    count++;
  }
  if (count === 0) return undefined;
  if (min === max) return { min, max, count, sum, sumOfSquares, limits: [max], counts: [count] };
  const range = max - min;
  const counts = Array.from({ length: BUCKETS }, () => 0);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    const bucket = Math.min(BUCKETS - 1, Math.floor(((value - min) / range) * BUCKETS));
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  const limits = counts.map((_, i) => (i === BUCKETS - 1 ? max : min + (range * (i + 1)) / BUCKETS));
  return { min, max, count, sum, sumOfSquares, limits, counts };
}
