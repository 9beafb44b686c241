/** Whether regularization helps: the chosen trial against the one in which everything is off. */
import { type OptionSpecs, option } from '@keepprob/core';
import { checkOptions } from '@keepprob/core/driver';
import type { Measured } from '@keepprob/lens/statistics';
import type { Candidate } from '../contract.ts';
import { corrected, foldsToTell } from '../statistics/corrected.ts';
import { differencesOf } from './pairs.ts';

/** A trial against "off", in pairs. */
export interface Against {
  /** Number of the trial that is compared. */
  readonly trial: number;
  /** trial − off: the mean over folds. Below 0 the trial is better. */
  readonly difference: number;
  /** Its standard error, after Nadeau & Bengio 2003. */
  readonly error: number;
  /** Holds the true difference with the confidence asked for. */
  readonly interval: Measured['interval'];
  /** By the interval: below 0 it helps, above 0 it hurts; with 0 in it, it cannot be told. */
  readonly verdict: 'helps' | 'hurts' | 'cannotTell';
  /** Folds that the comparison rests on. */
  readonly units: number;
  /** Folds with which the interval would leave 0 out, if the difference is what it seems; null where no number of them would, only more rows. */
  readonly unitsNeeded: number | null;
}

/** What intervals rest on. */
export interface IntervalOptions {
  /** n_validation / n_train of the folds, as `testShare` has it. */
  readonly ratio: number;
  /** Of each interval. */
  readonly confidence?: number;
}

export const intervalSpecs: OptionSpecs<IntervalOptions> = {
  ratio: option.number({ min: 0 }),
  confidence: option.number({ min: 0.5, below: 1, fallback: 0.95 }),
};

/**
 * The mean paired difference to "off" with the interval of the corrected resampled t test (Nadeau & Bengio 2003; see `corrected`), and what it says.
 * @param trial, off with results on the same folds and seeds
 * @example
 * const candidate = (number, values) => ({ number, point: {}, results: values.map((value, fold) => ({ fold, seed: 1, value })) });
 * const { verdict, difference, unitsNeeded } = against(candidate(0, [8, 9, 7, 9]), candidate(3, [7.9, 9.1, 6.7, 8.6]), { ratio: 0.25 });
 * [verdict, difference, unitsNeeded]; // ['cannotTell', -0.175, null]
 * @throws DataError where they were not measured in pairs, OptionError for values out of range
 */
export function against(off: Candidate, trial: Candidate, options: IntervalOptions): Against {
  const { ratio, confidence } = checkOptions<IntervalOptions>('against', intervalSpecs, options);
  const differences = differencesOf(trial, off);
  const { value, error, interval } = corrected(differences, ratio, confidence);
  const verdict = interval[1] < 0 ? 'helps' : interval[0] > 0 ? 'hurts' : 'cannotTell';
  const unitsNeeded = foldsToTell(differences, ratio, confidence);
  return { trial: trial.number, difference: value, error, interval, verdict, units: differences.length, unitsNeeded };
}
