/** The end of a search. */
import { DataError, type OptionSpecs, option } from '@keepprob/core';
import { checkOptions } from '@keepprob/core/driver';
import type { Measured } from '@keepprob/lens/statistics';
import type { Candidate, Chooser, Dimension } from '../contract.ts';
import { chooser, dimensionsOption } from '../parts.ts';
import { type Against, against, type IntervalOptions, intervalSpecs, reported } from './against.ts';
import { lowestOf } from './oneStandardError.ts';

/** The result of a search. */
export interface Conclusion {
  /** The chosen trial. */
  readonly chosen: Candidate;
  /** The metric of the chosen trial from these results alone: the mean over the folds, with the interval of Nadeau & Bengio. */
  readonly value: Measured;
  /**
   * The chosen trial against "off", corrected for the number of candidates next to "off"; if "off" was chosen, the best of the others. Null if there is
   * nothing to compare.
   */
  readonly against: Against | null;
}

/** Options of `conclude`. */
export interface ConcludeOptions extends IntervalOptions {
  /** Chooses one of the candidates. */
  readonly choose: Chooser;
  /** The number of the trial in which everything is off; null, the default, for none. */
  readonly off?: number | null;
  /** The dimensions of the space; none by default. */
  readonly dimensions?: readonly Dimension[];
}

const specs: OptionSpecs<ConcludeOptions> = {
  ...intervalSpecs,
  choose: chooser,
  off: option.orNull(option.number({ min: 0, integer: true })),
  dimensions: { ...dimensionsOption, fallback: [] },
};

/**
 * The end of a search: chooses a trial, estimates its metric, and tells whether regularization helps. Pass only the results on fresh pairs. The results
 * by which the search found its best trials flatter them: the best of 40 trials looks good partly because it is, and partly because it was lucky.
 * @param candidates the confirmed trials, including "off"
 * @example
 * const candidate = (number, values) => ({ number, point: { keep: number ? 0.5 : 1 }, results: values.map((value, fold) => ({ fold, seed: 1, value })) });
 * const candidates = [candidate(0, [8, 9, 7, 9]), candidate(3, [7.1, 8.1, 6.0, 8.2])];
 * const { chosen, value, against } = conclude(candidates, { choose: oneStandardError(), off: 0, ratio: 0.25 });
 * [chosen.number, value.value, against.verdict]; // [3, 7.35, 'helps']
 * @throws DataError for no candidates, and for candidates that were not measured in pairs
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
    value: reported(chosen, { ratio, confidence }),
    against: reference && rival ? against(reference, rival, { ratio, confidence, among: others.length }) : null,
  };
}
