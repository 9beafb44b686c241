/** The end of a search. */
import { DataError, type OptionSpecs, option } from '@keepprob/core';
import { checkOptions } from '@keepprob/core/driver';
import type { Measured } from '@keepprob/lens/statistics';
import type { Candidate, Chooser, Dimension } from '../contract.ts';
import { corrected } from '../statistics/corrected.ts';
import { type Against, against, type IntervalOptions, intervalSpecs } from './against.ts';
import { lowestOf } from './oneStandardError.ts';
import { valuesOf } from './pairs.ts';

/** What a search comes to. */
export interface Conclusion {
  /** The chosen trial. */
  readonly chosen: Candidate;
  /** The metric of the chosen trial, by these results alone: the mean over folds, with the interval of Nadeau & Bengio. */
  readonly value: Measured;
  /**
   * The chosen trial against "off"; where "off" is chosen, the best of the others. Null where there is nothing to compare. Of m trials beside "off", any might have been
   * the chosen one: the interval has the confidence 1 − (1 − confidence) / m (Bonferroni).
   */
  readonly against: Against | null;
}

/** Options of `conclude`. */
export interface ConcludeOptions extends IntervalOptions {
  /** Of these candidates. */
  readonly choose: Chooser;
  /** The number of the trial in which everything is off; null for none. */
  readonly off?: number | null;
  /** Of the space. */
  readonly dimensions?: readonly Dimension[];
}

const specs: OptionSpecs<ConcludeOptions> = {
  ...intervalSpecs,
  choose: option.custom<Chooser>(
    'a chooser such as oneStandardError()',
    value => typeof value === 'object' && value !== null && 'choose' in value && typeof value.choose === 'function',
  ),
  off: option.orNull(option.number({ min: 0, integer: true })),
  dimensions: option.custom<readonly Dimension[]>('a list of dimensions', Array.isArray, { fallback: [] }),
};

/**
 * The end of a search: chooses, says what the chosen trial comes to, and whether regularization helps. Give it the results of the fresh pairs alone. Those on which the search
 * found its best trials flatter them: of 40 trials the best looks good because it is, and because it was lucky.
 *
 * What fresh folds cannot take away is luck with the rows themselves, which a trial keeps on every fold of them. Hence the corrected intervals, and the allowance for m comparisons
 * in the verdict: in simulations where 40 trials are as good as "off" and keep a fifth of their variance on all folds, *helps* was said in 24 % of the searches without it, and in 6 % with it.
 * @param candidates the confirmed trials, "off" among them
 * @example
 * const candidate = (number, values) => ({ number, point: { keep: number ? 0.5 : 1 }, results: values.map((value, fold) => ({ fold, seed: 1, value })) });
 * const candidates = [candidate(0, [8, 9, 7, 9]), candidate(3, [7.1, 8.1, 6.0, 8.2])];
 * const { chosen, value, against } = conclude(candidates, { choose: oneStandardError(), off: 0, ratio: 0.25 });
 * [chosen.number, value.value, against.verdict]; // [3, 7.35, 'helps']
 * @throws DataError for no candidates, and for those that were not measured in pairs
 */
export function conclude(candidates: readonly Candidate[], options: ConcludeOptions): Conclusion {
  const { choose, off, dimensions, ratio, confidence } = checkOptions<ConcludeOptions>('conclude', specs, options);
  if (candidates.length === 0) throw DataError.of('conclude: candidates', 'at least one trial', 'none');
  const chosen = choose.choose(candidates, dimensions);
  const reference = candidates.find(({ number }) => number === off);
  const others = candidates.filter(candidate => candidate !== reference);
  const rival = chosen === reference ? (others.length ? lowestOf(others) : undefined) : chosen;
  return {
    chosen,
    value: corrected(valuesOf(chosen), ratio, confidence),
    against:
      reference && rival ? against(reference, rival, { ratio, confidence: together(confidence, others.length) }) : null,
  };
}

/** The confidence that each of m intervals must have, so that all of them hold with the one asked for. */
const together = (confidence: number, m: number): number => 1 - (1 - confidence) / m;
