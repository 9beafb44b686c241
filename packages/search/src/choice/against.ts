/** Whether regularization helps: compares the chosen trial with the one in which everything is off. */
import { type OptionSpecs, option } from '@keepprob/core';
import { checkOptions } from '@keepprob/core/driver';
import type { Measured } from '@keepprob/lens/statistics';
import type { Candidate } from '../contract.ts';
import { corrected, foldsToTell } from '../statistics/corrected.ts';
import { differencesOf, valuesOf } from './pairs.ts';

/** A paired comparison of a trial with "off". */
export interface Against {
  /** Number of the trial that is compared. */
  readonly trial: number;
  /** trial − off: the mean over folds. Below 0 the trial is better. */
  readonly difference: number;
  /** Its standard error, after Nadeau & Bengio 2003. */
  readonly error: number;
  /** Contains the true difference with the requested confidence. */
  readonly interval: Measured['interval'];
  /** From the interval: `helps` if it lies below 0, `hurts` if above 0, `cannotTell` if it contains 0. */
  readonly verdict: 'helps' | 'hurts' | 'cannotTell';
  /** Number of folds that the comparison rests on. */
  readonly units: number;
  /**
   * How many folds it would take for the interval to exclude 0, if the difference is as measured; null if no number of folds would be enough, only more
   * rows or a larger k.
   */
  readonly unitsNeeded: number | null;
}

/** Options of the intervals. */
export interface IntervalOptions {
  /** n_validation / n_train of the folds, as `testShare` computes it. */
  readonly ratio: number;
  /** The confidence of each interval; 0.95 by default. */
  readonly confidence?: number;
}

/** Options of `against`. */
export interface AgainstOptions extends IntervalOptions {
  /** How many trials were compared, if this is the chosen one of them; 1 by default. */
  readonly among?: number;
}

export const intervalSpecs: OptionSpecs<IntervalOptions> = {
  ratio: option.number({ min: 0 }),
  confidence: option.number({ min: 0.5, below: 1, fallback: 0.95 }),
};

const specs: OptionSpecs<AgainstOptions> = {
  ...intervalSpecs,
  among: option.number({ min: 1, integer: true, fallback: 1 }),
};

/**
 * The metric of a trial from these results alone: its mean over the folds, with the interval of `corrected`. If the trial was chosen by these results,
 * the error is too small.
 * @example
 * const results = [8, 9, 7, 9].map((value, fold) => ({ fold, seed: 1, value }));
 * reported({ number: 0, point: {}, results }, { ratio: 0.25 }); // { value: 8.25, error: 0.677, interval: [6.095, 10.405] }
 * @throws DataError for no results, or results that are not finite; OptionError for values out of range
 */
export function reported(candidate: Candidate, options: IntervalOptions): Measured {
  const { ratio, confidence } = checkOptions<IntervalOptions>('reported', intervalSpecs, options);
  return corrected(valuesOf(candidate), ratio, confidence);
}

/**
 * The mean paired difference from "off", with the interval of the corrected resampled t test (Nadeau & Bengio 2003; see `corrected`), and the verdict.
 *
 * If the trial was chosen from m trials, its confidence is 1 − (1 − confidence) / m (Bonferroni), since any of them might have been chosen. Fresh folds
 * do not remove the luck that a trial has with the rows themselves: in simulated searches with 40 trials that are as good as "off" and share a fifth of
 * their variance on all folds, the verdict is *helps* in 24 % of the searches without this correction for the 5 confirmed trials, and in 6 % with it.
 * @param trial the trial to compare, with results on the same folds and seeds
 * @param off the trial without regularization
 * @example
 * const candidate = (number, values) => ({ number, point: {}, results: values.map((value, fold) => ({ fold, seed: 1, value })) });
 * const { verdict, difference, unitsNeeded } = against(candidate(0, [8, 9, 7, 9]), candidate(3, [7.9, 9.1, 6.7, 8.6]), { ratio: 0.25 });
 * [verdict, difference, unitsNeeded]; // ['cannotTell', -0.175, null]
 * @throws DataError if they were not measured in pairs, OptionError for values out of range
 */
export function against(off: Candidate, trial: Candidate, options: AgainstOptions): Against {
  const { ratio, confidence: all, among } = checkOptions<AgainstOptions>('against', specs, options);
  const confidence = 1 - (1 - all) / among;
  const differences = differencesOf(trial, off);
  const { value, error, interval } = corrected(differences, ratio, confidence);
  const verdict = interval[1] < 0 ? 'helps' : interval[0] > 0 ? 'hurts' : 'cannotTell';
  const unitsNeeded = foldsToTell(differences, ratio, confidence);
  return { trial: trial.number, difference: value, error, interval, verdict, units: differences.length, unitsNeeded };
}
