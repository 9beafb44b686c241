/** Smooths a noisy curve: its moving mean, and the band in which single values lie. */
import { zip } from './vectors.ts';

export interface Smoothed {
  readonly mean: readonly number[];
  /** Two standard deviations of single values around the mean, at each position. */
  readonly band: readonly number[];
  /** Number of values in the window, fewer at the ends. */
  readonly window: number;
}

const MIN_WINDOW = 5;

/** The centered mean over a tenth of the curve; deviations are taken from it within the same window. */
export function smooth(values: readonly number[]): Smoothed {
  const half = Math.floor(Math.max(MIN_WINDOW, values.length / 10) / 2);
  const around = <T>(list: readonly T[], i: number): readonly T[] => {
    // equally many on both sides, or the ends of a slope would bend
    const reach = Math.min(half, i, values.length - 1 - i);
    return list.slice(i - reach, i + reach + 1);
  };
  const mean = values.map((_, i) => average(around(values, i)));
  const squares = zip(values, mean, (v, m) => (v - m) ** 2);
  // the ends have no full window: they use the nearest one
  const inside = (i: number): number => Math.min(Math.max(i, half), Math.max(half, values.length - 1 - half));
  const size = 2 * half + 1;
  const band = values.map(
    (_, i) => 2 * Math.sqrt((average(around(squares, Math.min(inside(i), values.length - 1))) * size) / (size - 1)),
  );
  return { mean, band, window: size };
}

const average = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/**
 * Whether the curve is lower at its end than at its start: the difference of the means of the last and the first fifth, over its standard error.
 * Below −3: it falls. Above 3: it rises.
 */
export function fallOf(values: readonly number[]): number {
  const size = Math.max(2, Math.floor(values.length / 5));
  const [first, last] = [values.slice(0, size), values.slice(-size)];
  const variance = (part: readonly number[]): number => {
    const m = average(part);
    return part.reduce((sum, v) => sum + (v - m) ** 2, 0) / (part.length - 1) / part.length;
  };
  const error = Math.sqrt(variance(first) + variance(last));
  const difference = average(last) - average(first);
  return error > 0 ? difference / error : Math.sign(difference) * Number.POSITIVE_INFINITY || 0;
}
