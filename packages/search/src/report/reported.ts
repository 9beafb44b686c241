/** The subject of a report: the result of `search`, the content of its journal, or either of them read from JSON. */
import { mean, variance } from '@keepprob/lens/statistics';
import type { FoldAndSeed } from '../choice/confirm.ts';
import { pairKey } from '../choice/pairs.ts';
import type { UnitResult } from '../contract.ts';
import type { Found, FoundTrial } from '../study/found/found.ts';

/** A trial without its values. */
export type ReportedTrial = Omit<FoundTrial, 'values'>;

/** The part of `found` that a report needs; `chosen` is null while the search is not over. */
export interface Reported
  extends Pick<Found, 'searched' | 'against' | 'nested' | 'importance' | 'stopped' | 'journal' | 'seed'> {
  /** The chosen trial; null while the search is not over. */
  readonly chosen: Found['chosen'] | null;
  /** Every trial, in the order in which the points were suggested. */
  readonly trials: readonly ReportedTrial[];
}

/** A mean, and its standard error from these values alone: NaN for a single value. */
export interface Mean {
  readonly value: number;
  readonly error: number;
  readonly count: number;
}

/** A trial with the means of its units. */
export interface Seen {
  readonly trial: ReportedTrial;
  /** Mean on the folds that every trial has; null without a unit. */
  readonly dev: Mean | null;
  /** The same metric on training rows; null unless it was measured for every unit. */
  readonly train: Mean | null;
  /** Mean on fresh pairs. */
  readonly fresh: Mean | null;
  /** Whether its mean is over all pairs, so that it can be compared. */
  readonly isComplete: boolean;
}

export interface Subject {
  readonly found: Reported;
  readonly seen: readonly Seen[];
  /** The complete trials, best first. */
  readonly ranked: readonly Seen[];
  /** 1 if lower is better, −1 if higher is. */
  readonly sign: 1 | -1;
}

export function meanOf(values: readonly number[]): Mean | null {
  if (values.length === 0) return null;
  return { value: mean(values), error: Math.sqrt(variance(values) / values.length), count: values.length };
}

/** The units on these pairs. */
export function unitsOn({ units }: ReportedTrial, pairs: readonly FoldAndSeed[]): UnitResult[] {
  const wanted = new Set(pairs.map(pairKey));
  return units.filter(unit => wanted.has(pairKey(unit)));
}

export function subjectOf(found: Reported): Subject {
  const { pairs, freshPairs, mode } = found.searched;
  const sign = mode === 'min' ? 1 : -1;
  const seen = found.trials.map((trial): Seen => {
    const units = unitsOn(trial, pairs);
    const dev = meanOf(units.map(({ value }) => value));
    const trained = units.flatMap(({ train }) => (train === null ? [] : [train]));
    return {
      ...{ trial, dev, train: trained.length === units.length ? meanOf(trained) : null },
      fresh: meanOf(unitsOn(trial, freshPairs).map(({ value }) => value)),
      isComplete: trial.state === 'complete' && dev !== null,
    };
  });
  const value = ({ dev }: Seen): number => sign * (dev?.value ?? Number.NaN);
  const ranked = seen.filter(({ isComplete }) => isComplete).sort((a, b) => value(a) - value(b));
  return { found, seen, ranked, sign };
}
