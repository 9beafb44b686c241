/** What is known of the trials so far. */
import { mean, variance } from '@keepprob/lens/statistics';
import type { Keep, Space, Unit } from './reports.ts';

export interface Trial {
  readonly space: Space;
  readonly number: number;
  readonly keep: Keep;
  readonly isOff: boolean;
  /** By fold of the search, and by fresh fold. */
  readonly errors: readonly number[];
  readonly fresh: readonly number[];
}

/** Mean error, with its standard error. */
export interface Level {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** With the result of one more unit. */
export function withUnit(trials: readonly Trial[], { space, trial, keep, error, isFresh }: Unit): readonly Trial[] {
  const isIt = (found: Trial): boolean => found.space === space && found.number === trial;
  const isOff = keep.hidden1 === 1 && keep.hidden2 === 1;
  const known = trials.find(isIt) ?? { space, number: trial, keep, isOff, errors: [], fresh: [] };
  const next = isFresh ? { ...known, fresh: [...known.fresh, error] } : { ...known, errors: [...known.errors, error] };
  return trials.some(isIt) ? trials.map(found => (isIt(found) ? next : found)) : [...trials, next];
}

export function levelOf(errors: readonly number[]): Level {
  const value = mean(errors);
  const error = errors.length > 1 ? Math.sqrt(variance(errors) / errors.length) : 0;
  return { value, lower: value - error, upper: value + error };
}

/** keep.prob of a trial with one for both layers. */
export const keepOf = ({ keep }: Trial): number => keep.hidden1;

/** Those of a search, by keep.prob. */
export const byKeep = (trials: readonly Trial[], space: Space): readonly Trial[] =>
  trials.filter(trial => trial.space === space && trial.errors.length > 0).sort((a, b) => keepOf(a) - keepOf(b));
