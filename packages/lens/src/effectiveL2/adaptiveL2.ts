/**
 * Dropout as an adaptive L2, in closed form and float64, for the cases in which theory gives λ for every weight:
 *
 *     R = Σ_j λ_j w_j²        λ_j = ½ (q/p) mean_i v_i h_ij²        p = keepProb, q = 1 − p
 *
 * h_ij is the activation that w_j multiplies in row i; v_i is the second derivative of row i's loss with respect to the output of the matrix: 2 for squared
 * error, where R is exact (also if h contains ReLUs), and A″ = μ(1 − μ) for logistic regression, where R is the quadratic approximation of
 * Wager, Wang & Liang, "Dropout training as adaptive regularization", NIPS 2013.
 */
import { OptionError, option } from '@keepprob/core';
import { addScaled } from '../statistics/vectors.ts';

const valid = option.keepProb();

/**
 * λ_j = ½ (q/p) mean_i v_i h_ij² with p = keepProb and q = 1 − p: one for each column of `h` (Wager, Wang & Liang 2013).
 * @param h activations that the weights multiply, by row
 * @param curvature v_i, the second derivative of row i's loss with respect to the output of the matrix: 2 for squared error, μ(1 − μ) for logistic regression
 * @example
 * adaptiveLambda([[1, 2], [3, 4], [5, 6]], () => 2, 0.5); // [11.6667, 18.6667]
 */
export function adaptiveLambda(
  h: readonly (readonly number[])[],
  curvature: (row: number) => number,
  keepProb: number,
): number[] {
  const strength = (0.5 * (1 - keepProb)) / keepProb / h.length;
  const weighted = new Float64Array(h[0]?.length ?? 0);
  for (const [i, row] of h.entries())
    addScaled(
      weighted,
      row.map(v => v ** 2),
      curvature(i),
    );
  return Array.from(weighted, v => strength * v);
}

/**
 * The exact expectation E f(m) over the masks m ∈ {0, 1/p}ⁿ of n elements: the sum over all 2ⁿ masks, weighted by their probability.
 * @example
 * expectationOverMasks(2, 0.5, ([first, second]) => first * second); // 1
 * expectationOverMasks(1, 0.5, ([only]) => only ** 2); // 2
 * @throws OptionError for n > 20
 */
export function expectationOverMasks(n: number, keepProb: number, f: (mask: readonly number[]) => number): number {
  if (!(Number.isSafeInteger(n) && n >= 0 && n <= 20))
    throw OptionError.of('expectationOverMasks', 'n', 'an integer ≥ 0 and ≤ 20', n);
  if (!valid.accepts(keepProb)) throw OptionError.of('expectationOverMasks', 'keepProb', valid.expected, keepProb);
  let mean = 0;
  for (let bits = 0; bits < 2 ** n; bits++) {
    const mask = Array.from({ length: n }, (_, j) => ((bits >> j) & 1) / keepProb);
    const kept = mask.filter(m => m > 0).length;
    mean += keepProb ** kept * (1 - keepProb) ** (n - kept) * f(mask);
  }
  return mean;
}
