/** Counts the numbers of a dimension in cells. */
import type { Dimension, Ordered } from '../contract.ts';
import { scaleOf } from '../samplers/tpe/scale.ts';
import { countOf } from '../space/values.ts';

/** Number of cells of a continuous dimension, and the maximum for all dimensions but choices. */
const MOST = 50;

/** The number of values in each cell. */
export function countsOf(dimension: Dimension, numbers: readonly number[]): Float64Array {
  const cellOf = dimension.kind === 'choice' ? (x: number) => x : cellsOf(dimension);
  const counts = new Float64Array(cellCount(dimension));
  for (const x of numbers) {
    const cell = cellOf(x);
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return counts;
}

/** One cell for each value of a choice and each step; for integers on a logarithmic scale, one for each doubling of their count. */
function cellCount(dimension: Dimension): number {
  if (dimension.kind === 'choice') return dimension.labels.length;
  const values = countOf(dimension);
  return Math.min(MOST, dimension.log && Number.isFinite(values) ? Math.ceil(Math.log2(values)) + 1 : values);
}

/** Cells are evenly spaced on the scale in which the dimension is searched, the first and the last at its bounds. */
function cellsOf(dimension: Ordered): (x: number) => number {
  const { to } = scaleOf(dimension);
  const [low, high] = [
    Math.min(to(dimension.low), to(dimension.high)),
    Math.max(to(dimension.low), to(dimension.high)),
  ];
  const last = cellCount(dimension) - 1;
  return x => Math.min(last, Math.max(0, Math.ceil(((to(x) - low) / (high - low)) * last - 0.5)));
}
