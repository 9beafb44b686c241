/** What a report is about: what `search` returned, what its journal holds, or what is left of either in JSON. */
import { mean, variance } from '@keepprob/lens/statistics';
import type { FoldAndSeed } from '../choice/confirm.ts';
import { pairKey } from '../choice/pairs.ts';
import type { UnitResult } from '../contract.ts';
import type { Found, FoundTrial } from '../study/found/found.ts';

/** A trial, whatever its values. */
export type ReportedTrial = Omit<FoundTrial, 'values'>;

/** What a report needs of `found`; `chosen` is null while the search is not over. */
export interface Reported
  extends Pick<Found, 'searched' | 'against' | 'nested' | 'importance' | 'stopped' | 'journal' | 'seed'> {
  /** What was chosen. */
  readonly chosen: Found['chosen'] | null;
  /** Every point that was tried, in the order in which they were asked for. */
  readonly trials: readonly ReportedTrial[];
}

/** A mean, and its standard error by these values alone: NaN for a single one. */
export interface Mean {
  readonly value: number;
  readonly error: number;
  readonly count: number;
}

/** A trial with what its units come to. */
export interface Seen {
  readonly trial: ReportedTrial;
  /** On the folds that every trial has; null without a unit. */
  readonly dev: Mean | null;
  /** The same metric on training rows; null where it was not measured on each of them. */
  readonly train: Mean | null;
  /** On fresh pairs. */
  readonly fresh: Mean | null;
  /** Whether its mean is over all pairs, so that it may be compared. */
  readonly isComplete: boolean;
}

export interface Subject {
  readonly found: Reported;
  readonly seen: readonly Seen[];
  /** Those that are complete, the best first. */
  readonly ranked: readonly Seen[];
  /** 1 where less is better. */
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
