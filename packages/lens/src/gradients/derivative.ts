/**
 * A derivative from values on both sides, with its error. The odd part of f, (f(kh) − f(−kh)) / 2 for k = 1 … K, is D·(kh) + C·(kh)³ + …: the
 * least-squares fit of D and C gives the central difference without its h² error, and the residual, from float32 rounding or ReLU kinks, gives
 * the error of D.
 *
 * A kink at the point itself does not show in the odd part: the slope is then the mean of those on the two sides, at every step size, and a gradient may be
 * either. It shows in the even part, (f(kh) + f(−kh)) / 2 = f(0) + J·|kh| + Q·(kh)² + …, where 2 J is the jump of the slope.
 */

import { sum, zip } from '../statistics/vectors.ts';

/** Number of points on each side. */
export const POINTS = 6;
/** Where f is evaluated, in units of the step h: −K … −1, 1 … K. */
export const STENCIL: readonly number[] = Array.from({ length: 2 * POINTS }, (_, i) =>
  i < POINTS ? i - POINTS : i - POINTS + 1,
);

export interface Derivative {
  readonly value: number;
  /** Standard error: that of the residual of the fit, but at least that of rounding f to float32. */
  readonly error: number;
  /** How far the slopes on the two sides may be from `value`: half the jump between them, plus what rounding may hide. */
  readonly kink: number;
}

/** Half the relative distance between neighboring float32 numbers. */
const ROUNDING = 2 ** -24;

/** @param values f at each point of the stencil times h */
export function derivative(values: ArrayLike<number>, h: number): Derivative {
  const all = Array.from(values);
  const [below, above] = [all.slice(0, POINTS).reverse(), all.slice(POINTS)];
  const odd = zip(above, below, (f, g, i) => ({ k: i + 1, value: (f - g) / 2 }));
  // normal equations of k and k³
  const total = (f: (k: number, value: number) => number): number => sum(odd.map(({ k, value }) => f(k, value)));
  const [a, b, c] = [total(k => k ** 2), total(k => k ** 4), total(k => k ** 6)];
  const [p, q] = [total((k, v) => k * v), total((k, v) => k ** 3 * v)];
  const determinant = a * c - b * b;
  const slope = (p * c - q * b) / determinant;
  const cubic = (a * q - b * p) / determinant;
  const rest = total((k, v) => (v - slope * k - cubic * k ** 3) ** 2) / (POINTS - 2);
  const size = Math.max(...all.map(Math.abs));
  const variance = Math.max(rest, (ROUNDING * size) ** 2);
  return {
    value: slope / h,
    error: Math.sqrt((variance * c) / determinant) / h,
    kink: kinkOf(below, above, ROUNDING * size) / h,
  };
}

/** The number of standard errors that rounding does not exceed. */
const SIGMAS = 5;

/** |J| of the least-squares fit of f(0), J and Q to the even part, plus the effect that rounding may have on it. */
function kinkOf(below: readonly number[], above: readonly number[], rounding: number): number {
  const even = zip(above, below, (f, g) => (f + g) / 2);
  const fitted = sum(even.map((value, i) => (BEND[i] ?? 0) * value));
  return Math.abs(fitted) + SIGMAS * rounding * Math.sqrt(sum(BEND.map(b => b * b)));
}

/** The weights that give J from the even part: the residual of |k| after projecting out 1 and k², divided by its squared norm. */
const BEND: readonly number[] = bend();
function bend(): number[] {
  const ks = Array.from({ length: POINTS }, (_, i) => i + 1);
  const without = (of: readonly number[], by: readonly number[]): number[] => {
    const share = sum(zip(of, by, (x, y) => x * y)) / sum(by.map(y => y * y));
    return zip(of, by, (x, y) => x - share * y);
  };
  const ones = ks.map(() => 1);
  const squares = without(
    ks.map(k => k * k),
    ones,
  );
  const rest = without(without(ks, ones), squares);
  return rest.map(x => x / sum(rest.map(y => y * y)));
}
