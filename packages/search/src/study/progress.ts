/** Progress of a search. */

import { mean, variance } from '@keepprob/lens/statistics';
import type { FoldAndSeed } from '../choice/confirm.ts';
import type { UnitResult } from '../contract.ts';
import type { TrialState } from './ledger.ts';

/** The best trial so far, on the folds that all trials have in common. */
export interface BestSoFar {
  /** Its number. */
  readonly trial: number;
  /** The mean of its units. */
  readonly value: number;
  /** Standard error of that mean; NaN for one unit. */
  readonly error: number;
}

/** Progress of a search. */
export interface SearchEvent {
  /**
   * 'begin'; 'trial' when one begins; 'epoch' after each epoch of a unit; 'unit' when one is measured; 'ended' when a trial is complete, pruned or failed;
   * 'confirm' and 'refit' when those begin; 'nested' after each unit of a search within an outer fold, and with a value when the outer fold is measured;
   * 'end'.
   */
  readonly type: 'begin' | 'trial' | 'epoch' | 'unit' | 'ended' | 'confirm' | 'nested' | 'refit' | 'end';
  /** The number of the trial; null for events without a trial. */
  readonly trial: number | null;
  /** Index of the fold, or of the outer fold after 'nested'; null for events without a fold. */
  readonly fold: number | null;
  /** After 'epoch': its number, from 1. */
  readonly epoch: number | null;
  /** The metric after 'epoch', 'unit' and an outer fold; the mean over its units after 'ended', null for a trial that failed. */
  readonly value: number | null;
  /** After 'ended': standard error of the mean. */
  readonly error: number | null;
  /** After 'ended': how the trial ended. */
  readonly state: 'complete' | 'pruned' | 'failed' | null;
  /** After 'ended': why the trial failed. */
  readonly reason: string | null;
  /** After 'unit': its result. */
  readonly result: UnitResult | null;
  /** Number of units measured so far. */
  readonly done: number;
  /** Total number of units, as far as known; pruned trials take fewer. */
  readonly total: number;
  /** The best complete trial so far; null if there is none. */
  readonly best: BestSoFar | null;
  /** Estimated seconds until the end of the search; null at the start. */
  readonly secondsLeft: number | null;
}

/** Receives every event; the search waits for it. */
export type SearchListener = (event: SearchEvent) => void | Promise<void>;
/** 'lines', false, or a function that gets every event and may be async. */
export type SearchProgress = 'lines' | false | SearchListener;

export const listenerOf = (progress: SearchProgress): SearchListener => {
  if (typeof progress === 'function') return progress;
  return progress === 'lines' ? lines : () => undefined;
};

const short = (value: number): string => `${Number(value.toPrecision(4))}`;

/** Prints one line for each trial that ended. */
const lines: SearchListener = ({ type, trial, fold, state, value, error, reason, best, done, total }) => {
  if (type === 'confirm') console.log('search: measuring the best trials again on fresh folds and seeds');
  if (type === 'nested' && value !== null)
    console.log(
      `search: outer fold ${fold}: the choice without it has ${short(value)} there; unit ${done} of ${total}`,
    );
  if (type === 'refit') console.log('search: training the chosen one on all rows');
  if (type !== 'ended') return;
  const number = value === null ? '' : ` ${short(value)}${error === null ? '' : ` ± ${short(error)}`}`;
  const why = reason === null ? '' : `: ${reason}`;
  const ahead = best === null ? '' : `; best ${short(best.value)} (trial ${best.trial})`;
  console.log(`search: trial ${trial} ${state}${number}${why}; unit ${done} of ${total}${ahead}`);
};

/** Mean and standard error of the units of a trial on these pairs. */
export function measuredOn({ units }: TrialState, pairs: readonly FoldAndSeed[]): { value: number; error: number } {
  const values = units.of(pairs).map(unit => unit.value);
  return { value: mean(values), error: Math.sqrt(variance(values) / values.length) };
}
