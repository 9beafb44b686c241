/** Wilcoxon's signed-rank test, exact. */
import { DataError, type OptionSpecs, option } from '@keepprob/core';
import { checkOptions, show } from '@keepprob/core/driver';
import type { Numbers } from '@keepprob/lens/statistics';

/** Options of `wilcoxon`. */
export interface WilcoxonOptions {
  /** The alternative hypothesis: differences above 0 ('greater'), below 0 ('less'), or either ('twoSided', the default). */
  readonly alternative?: 'greater' | 'less' | 'twoSided';
}

/** The result of the test. */
export interface SignedRank {
  /** W⁺: the sum of the ranks of the differences above 0. */
  readonly statistic: number;
  /** Number of differences that are not 0. */
  readonly n: number;
  /** The probability of a W⁺ at least as extreme, if each difference had either sign with probability ½. */
  readonly pValue: number;
}

const specs: OptionSpecs<WilcoxonOptions> = {
  alternative: option.oneOf(['greater', 'less', 'twoSided'], { fallback: 'twoSided' }),
};

/**
 * Wilcoxon's signed-rank test: whether differences are symmetric about 0. Their sizes are ranked, and W⁺ is the sum of the ranks of those above 0.
 *
 *     p = P(W⁺ ≥ w)   greater        P(W⁺ ≤ w)   less        min(1, 2 · the smaller one)   twoSided
 *
 * It is exact for any n, by the distribution over all 2ⁿ signs. Zeros are left out (Wilcoxon's own convention); equal sizes get the mean of their ranks,
 * and the distribution is that of these ranks, so it is exact with ties, too. The smallest p of n differences is 2⁻ⁿ on one side: .125 for 3, .031 for
 * 5. The time grows with n³, so use it for a few hundred at most.
 *
 * Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1(6), 1945; Lehmann, "Nonparametrics", 1975, §3.
 * @param differences the differences of pairs
 * @example
 * wilcoxon([0.4, 1.1, 0.7, 2.3, 0.2], { alternative: 'greater' }); // { statistic: 15, n: 5, pValue: 0.03125 }
 * wilcoxon([1, -2, 3, 0]); // { statistic: 4, n: 3, pValue: 0.75 }
 * @throws DataError for differences that are not finite, OptionError for an unknown alternative
 */
export function wilcoxon(differences: Numbers, options: WilcoxonOptions = {}): SignedRank {
  const { alternative } = checkOptions<WilcoxonOptions>('wilcoxon', specs, options);
  const given = Array.from(differences);
  const bad = given.find(d => !Number.isFinite(d));
  if (bad !== undefined) throw DataError.of('wilcoxon: differences', 'finite numbers', show(bad));
  const counted = given.filter(d => d !== 0);
  const ranks = twiceRanks(counted.map(Math.abs));
  const twice = ranks.reduce((sum, rank, i) => sum + ((counted[i] ?? 0) > 0 ? rank : 0), 0);
  const chances = distribution(ranks);
  const between = (from: number, to: number): number => chances.subarray(from, to).reduce((a, b) => a + b, 0);
  const [greater, less] = [between(twice, chances.length), between(0, twice + 1)];
  const pValue = { greater, less, twoSided: 2 * Math.min(greater, less) }[alternative];
  return { statistic: twice / 2, n: counted.length, pValue: Math.min(1, pValue) };
}

/** Twice the rank of each size, an integer: equal sizes at positions first to last share the mean rank (first + last) / 2. */
function twiceRanks(sizes: readonly number[]): number[] {
  const sorted = Float64Array.from(sizes).sort();
  return sizes.map(size => sorted.indexOf(size) + 1 + (sorted.lastIndexOf(size) + 1));
}

/** The probability of each 2 W⁺ from 0 on: every rank is added or not, with probability ½ each. */
function distribution(ranks: readonly number[]): Float64Array {
  const chances = new Float64Array(ranks.reduce((a, b) => a + b, 0) + 1);
  chances[0] = 1;
  let top = 0;
  for (const rank of ranks) {
    top += rank;
    for (let sum = top; sum >= 0; sum--)
      chances[sum] = ((chances[sum] ?? 0) + (sum >= rank ? (chances[sum - rank] ?? 0) : 0)) / 2;
  }
  return chances;
}
