/** Intervals, so that what may be chance is not told as a finding. */

/** The 97.5 % point of the normal distribution. */
const Z = 1.959964;

export interface Interval {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Difference of two error rates on the same examples, 95 %: (a − b)/n of the examples that only the one and only the other gets wrong. Adjusted
 * as in Bonett & Price 2012 (one more of each kind), so that it holds for few.
 */
export function pairedDifference(onlyFirst: number, onlySecond: number, examples: number): Interval {
  const [a, b, n] = [onlyFirst + 1, onlySecond + 1, examples + 2];
  const centre = (a - b) / n;
  const half = (Z * Math.sqrt(a + b - (a - b) ** 2 / n)) / n;
  return { value: (onlyFirst - onlySecond) / examples, lower: centre - half, upper: centre + half };
}

/** Share of wrong answers; by example: 1 where it is wrong. */
export const errorOf = (wrong: Uint8Array): number => wrong.reduce((sum, flag) => sum + flag, 0) / wrong.length;

/** How many examples only the first gets wrong; by example: 1 where it is wrong. */
export const onlyWrong = (first: Uint8Array, second: Uint8Array): number =>
  first.reduce((n, wrong, i) => n + Number(wrong === 1 && second[i] === 0), 0);

/** Difference of the error rates of two networks on the same examples; by example: 1 where it is wrong. */
export const errorDifference = (first: Uint8Array, second: Uint8Array): Interval =>
  pairedDifference(onlyWrong(first, second), onlyWrong(second, first), first.length);

const signed = (share: number): string => (100 * share).toFixed(1).replace('-', '−');

/** −0.3 to 1.2 points, each a hundredth */
export const rangeText = ({ lower, upper }: Interval): string => `${signed(lower)} to ${signed(upper)} points`;

/** A share of so many examples, 95 %: Wilson 1927. */
export function shareInterval(share: number, examples: number): Interval {
  const square = Z ** 2 / examples;
  const centre = (share + square / 2) / (1 + square);
  const half = (Z / (1 + square)) * Math.sqrt((share * (1 - share)) / examples + square / (4 * examples));
  return { value: share, lower: Math.max(0, centre - half), upper: Math.min(1, centre + half) };
}

export type Verdict = 'above' | 'below' | 'cannot tell';

/** Whether the interval leaves 0 out. */
export const verdictOf = ({ lower, upper }: Interval): Verdict =>
  lower > 0 ? 'above' : upper < 0 ? 'below' : 'cannot tell';
