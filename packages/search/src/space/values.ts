/** The numbers of a dimension: by index if it is finite, and from uniform numbers. */
import type { Dimension, Ordered } from '../contract.ts';

/** How many numbers a dimension has; Infinity if it is continuous. */
export function countOf(dimension: Dimension): number {
  if (dimension.kind === 'choice') return dimension.labels.length;
  const { low, high, step } = dimension;
  return step === undefined ? Number.POSITIVE_INFINITY : Math.round((high - low) / step) + 1;
}

/** The number at an index below `countOf`; the last one is `high`. For steps, the inexact last digits of low + k step are rounded off. */
export function nthValue(dimension: Dimension, k: number): number {
  if (dimension.kind === 'choice') return k;
  const { low, high, step = 0 } = dimension;
  if (k === countOf(dimension) - 1) return high;
  const digits = 14 - Math.floor(Math.log10(Math.max(Math.abs(low), Math.abs(high))));
  return clip(dimension, Number((low + k * step).toFixed(Math.min(100, Math.max(0, digits)))));
}

/** The index whose number is nearest. */
export const nearestIndex = ({ low, step = 1 }: Ordered, x: number): number => Math.round((x - low) / step);

/** How far from a step a number may be, in steps: other programs write 0.30000000000000004 for 0.1 + 2 · 0.1. */
const SLACK = 1e-6;

/** Whether x is a number of this dimension. */
export function isIn(dimension: Dimension, x: number | undefined): x is number {
  if (x === undefined) return false;
  if (dimension.kind === 'choice') return Number.isInteger(x) && x >= 0 && x < dimension.labels.length;
  const { low, high, step } = dimension;
  if (step === undefined) return x >= low && x <= high;
  const k = nearestIndex(dimension, x);
  return k >= 0 && k < countOf(dimension) && Math.abs((x - low) / step - k) <= SLACK;
}

/**
 * The number at a share u of the dimension, 0 ≤ u < 1: uniform for uniform u. On a logarithmic scale, logarithms are uniform; an integer n then has the
 * share of ln(n − ½) … ln(n + ½). A keepProb goes down from `high`, since it is searched as 1 − keepProb.
 */
export function valueAt(dimension: Dimension, u: number): number {
  if (dimension.kind === 'choice')
    return Math.min(Math.floor(u * dimension.labels.length), dimension.labels.length - 1);
  if (dimension.kind === 'keepProb') return clip(dimension, dimension.high - u * (dimension.high - dimension.low));
  const count = countOf(dimension);
  if (dimension.log) {
    const half = dimension.kind === 'int' ? 0.5 : 0;
    const [from, to] = [Math.log(dimension.low - half), Math.log(dimension.high + half)];
    const x = Math.exp(from + u * (to - from));
    return clip(dimension, half > 0 ? Math.round(x) : x);
  }
  if (!Number.isFinite(count)) return clip(dimension, dimension.low + u * (dimension.high - dimension.low));
  return nthValue(dimension, Math.min(Math.floor(u * count), count - 1));
}

/** Number of digits of a number on a grid. */
const DIGITS = 12;

/** The number at a share s of the scale, both bounds included, 0 ≤ s ≤ 1, without inexact last digits: 0.001, not 0.0010000000000000002. */
export function evenValue(dimension: Ordered, s: number): number {
  const { kind, low, high, log } = dimension;
  const count = countOf(dimension);
  if (s === 0 || s === 1) return (s === 1) === (kind !== 'keepProb') ? high : low;
  if (kind === 'keepProb') return rounded(dimension, high - s * (high - low));
  if (log) {
    const x = Math.exp(Math.log(low) + s * (Math.log(high) - Math.log(low)));
    return rounded(dimension, kind === 'int' ? Math.round(x) : x);
  }
  return Number.isFinite(count)
    ? nthValue(dimension, Math.round(s * (count - 1)))
    : rounded(dimension, low + s * (high - low));
}

const rounded = (dimension: Ordered, x: number): number => clip(dimension, Number(x.toPrecision(DIGITS)));

/** The middle of the scale; for a choice, the first value. */
export const middleOf = (dimension: Dimension): number => (dimension.kind === 'choice' ? 0 : evenValue(dimension, 0.5));

const clip = ({ low, high }: Ordered, x: number): number => Math.min(high, Math.max(low, x));
