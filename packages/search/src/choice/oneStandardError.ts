/** Chooses among the trials that cannot be distinguished from the best. */
import { DataError, type OptionSpecs, option } from '@keepprob/core';
import { checkOptions } from '@keepprob/core/driver';
import { mean, variance } from '@keepprob/lens/statistics';
import type { Candidate, Chooser, Dimension, Point } from '../contract.ts';
import { differencesOf, valuesOf } from './pairs.ts';
import { strength } from './strength.ts';

/** The preference among trials that are about equally good: a number for each point; the highest wins. */
export type Preference = (point: Point, dimensions: readonly Dimension[]) => number;

/** Options of `oneStandardError`. */
export interface OneStandardErrorOptions {
  /**
   * 'strongest', the default, prefers the strongest regularization, as `strength` measures it, and 'weakest' the weakest. A function gives each point a
   * number, and the highest wins: for simplicity, or for cost.
   */
  readonly prefer?: 'strongest' | 'weakest' | Preference;
}

const specs: OptionSpecs<OneStandardErrorOptions> = {
  prefer: option.either(option.oneOf(['strongest', 'weakest']), option.fn<Preference>(), { fallback: 'strongest' }),
};

/**
 * The one-standard-error rule, in pairs. Among the trials whose mean difference from the best one is within its standard error,
 *
 *     mean(d) ≤ √(s_d² / n)        d = trial − best on each fold (seeds of a fold averaged)
 *
 * it chooses the most strongly regularized one, like glmnet's λ.1se; with `prefer`, the weakest, or the one that a function prefers. Effects that all
 * trials on a fold share cancel in d, so fewer trials are within reach than with the error of each trial alone. Ties go to the lower mean.
 *
 * Breiman et al., "Classification and regression trees", 1984, §3.4.3; in pairs: the third remark of scikit-learn's #14820.
 * @example
 * const chooser = oneStandardError({ prefer: ({ units }) => -units });
 * const trial = (number, units, values) => ({ number, point: { units }, results: values.map((value, fold) => ({ fold, seed: 1, value })) });
 * const trials = [trial(0, 8, [5.1, 6.0, 7.0]), trial(1, 64, [5.0, 6.1, 6.9]), trial(2, 4, [6.2, 7.3, 7.9])];
 * chooser.choose(trials, []).number; // 0
 * @throws OptionError for an unknown preference
 */
export function oneStandardError(options: OneStandardErrorOptions = {}): Chooser {
  const { prefer } = checkOptions<OneStandardErrorOptions>('oneStandardError', specs, options);
  const preference: Preference =
    typeof prefer === 'function'
      ? prefer
      : (point, dimensions) => (prefer === 'weakest' ? -1 : 1) * strength(point, dimensions);
  return {
    name: 'oneStandardError',
    choose(candidates, dimensions) {
      const lowest = lowestOf(candidates);
      const within = candidates.filter(candidate => candidate === lowest || isWithin(differencesOf(candidate, lowest)));
      const ranked = within.map(candidate => ({
        candidate,
        preference: preference(candidate.point, dimensions),
        value: mean(valuesOf(candidate)),
      }));
      ranked.sort(
        (a, b) => b.preference - a.preference || a.value - b.value || a.candidate.number - b.candidate.number,
      );
      return ranked[0]?.candidate ?? lowest;
    },
  };
}

/**
 * Chooses the trial with the lowest mean. Part of its lead is luck, so its error must come from results that took no part in the choice.
 * @example
 * const trial = (number, value) => ({ number, point: {}, results: [{ fold: 0, seed: 1, value }] });
 * best().choose([trial(0, 5), trial(1, 4)], []).number; // 1
 */
export const best = (): Chooser => ({ name: 'best', choose: lowestOf });

/** @throws DataError for no candidates */
export function lowestOf(candidates: readonly Candidate[]): Candidate {
  const means = candidates.map(candidate => ({ candidate, value: mean(valuesOf(candidate)) }));
  means.sort((a, b) => a.value - b.value || a.candidate.number - b.candidate.number);
  const [lowest] = means;
  if (!lowest) throw DataError.of('candidates', 'at least one trial', 'none');
  return lowest.candidate;
}

const isWithin = (differences: readonly number[]): boolean =>
  mean(differences) <= Math.sqrt(variance(differences) / differences.length);
