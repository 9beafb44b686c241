/**
 * A derivative from values on both sides, with its error. The odd part of f, (f(kh) − f(−kh)) / 2 for k = 1 … K, is D·(kh) + C·(kh)³ + …: the
 * least-squares fit of D and C gives the central difference without its h² error, and what the fit leaves over, rounding of float32 or kinks of
 * ReLU, gives the error of D.
 */

/** Points on each side. */
export const POINTS = 6;
/** Where f is evaluated, in units of the step h: −K … −1, 1 … K. */
export const STENCIL: readonly number[] = Array.from({ length: 2 * POINTS }, (_, i) =>
  i < POINTS ? i - POINTS : i - POINTS + 1,
);

export interface Derivative {
  readonly value: number;
  /** Standard error: of what the fit leaves over, at least that of rounding f to float32. */
  readonly error: number;
}

/** Half the distance of neighbouring float32 numbers, relative. */
const ROUNDING = 2 ** -24;

/** @param values f at each point of the stencil times h */
export function derivative(values: ArrayLike<number>, h: number): Derivative {
  const odd = Array.from({ length: POINTS }, (_, i) => {
    const above = values[POINTS + i] as number;
    const below = values[POINTS - 1 - i] as number;
    return (above - below) / 2;
  });
  // normal equations of k and k³
  const sum = (f: (k: number, i: number) => number): number => odd.reduce((s, _, i) => s + f(i + 1, i), 0);
  const [a, b, c] = [sum(k => k ** 2), sum(k => k ** 4), sum(k => k ** 6)];
  const [p, q] = [sum((k, i) => k * (odd[i] as number)), sum((k, i) => k ** 3 * (odd[i] as number))];
  const determinant = a * c - b * b;
  const slope = (p * c - q * b) / determinant;
  const cubic = (a * q - b * p) / determinant;
  const rest = sum((k, i) => ((odd[i] as number) - slope * k - cubic * k ** 3) ** 2) / (POINTS - 2);
  const size = Math.max(...Array.from(values, Math.abs));
  const variance = Math.max(rest, (ROUNDING * size) ** 2);
  return { value: slope / h, error: Math.sqrt((variance * c) / determinant) / h };
}
