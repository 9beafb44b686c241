/** One trial of a wave: its units count in the order of the folds, whichever was done first. */
import type { Job, Json, Pool, Pruner, UnitResult } from '../contract.ts';
import type { Ended } from '../journal/entries.ts';
import { type Ledger, meanOver, type TrialState } from './ledger.ts';

export interface Wave {
  readonly ledger: Ledger;
  readonly pool: Pool;
  /** The folds that every trial of the wave is measured on. */
  readonly folds: readonly number[];
  /** Whether these units confirm trials that ended. */
  readonly isFresh: boolean;
  readonly pruner: Pruner | null;
  readonly signal: AbortSignal;
  seedOf(fold: number): number;
  valuesOf(trial: TrialState): Json;
  tell(what: Happened): Promise<void>;
}

export type Happened =
  | { readonly type: 'epoch'; readonly job: Job; readonly epoch: number; readonly value: number }
  | { readonly type: 'unit'; readonly result: UnitResult }
  | { readonly type: 'ended'; readonly trial: TrialState };

/** What became of a unit. */
type Outcome =
  | { readonly type: 'result'; readonly result: UnitResult }
  | { readonly type: 'failed'; readonly reason: string }
  /** Not worth its end, as the pruner says. */
  | { readonly type: 'stopped' };

/** A trial of the wave. */
export interface Lane {
  readonly trial: TrialState;
  /** What is to be computed, in order. */
  readonly folds: readonly number[];
  /** How many of them were begun, and how many count. */
  begun: number;
  counted: number;
  readonly outcomes: Map<number, Outcome>;
  readonly abort: AbortController;
  isOver: boolean;
  /** Why it failed on a fresh fold. */
  failure: string | null;
  /** The counting in progress: one outcome after the other. */
  counting: Promise<void>;
}

export const laneOf = (trial: TrialState, folds: readonly number[]): Lane => ({
  trial,
  folds: folds.filter(fold => !trial.units.has(fold)),
  ...{ begun: 0, counted: 0, isOver: false, failure: null, counting: Promise.resolve() },
  outcomes: new Map(),
  abort: new AbortController(),
});

/** Takes the outcomes that are next in order, as far as there are any, and ends the trial where they end it. */
export async function count(wave: Wave, lane: Lane, others: readonly TrialState[]): Promise<void> {
  while (!lane.isOver && !(await endIfOver(wave, lane, others))) {
    const outcome = lane.outcomes.get(lane.counted);
    if (!outcome) return;
    lane.counted++;
    if (outcome.type === 'result') {
      await wave.ledger.record(outcome.result, wave.isFresh);
      await wave.tell({ type: 'unit', result: outcome.result });
    } else await close(wave, lane, outcome.type === 'failed' ? outcome.reason : null);
  }
}

/** @returns whether it was over: measured on all folds, or not worth the others */
async function endIfOver(wave: Wave, lane: Lane, others: readonly TrialState[]): Promise<boolean> {
  const { trial } = lane;
  const isWhole = wave.folds.every(fold => trial.units.has(fold));
  if (wave.isFresh) lane.isOver = isWhole;
  else if (isWhole) await end(wave, lane, { state: 'complete', value: meanOver(trial, wave.folds), reason: null });
  else if (isPruned(wave, trial, others)) await close(wave, lane, null);
  return lane.isOver;
}

function isPruned({ pruner, folds, ledger }: Wave, { units }: TrialState, others: readonly TrialState[]): boolean {
  if (!pruner || units.size === 0) return false;
  const value = ({ ended }: TrialState): number => ledger.sign * (ended?.value ?? Number.NaN);
  const [first, ...more] = others;
  if (!first) return false;
  const best = more.reduce((least, trial) => (value(trial) < value(least) ? trial : least), first);
  const pairs = folds.flatMap(fold => {
    const [own, other] = [units.get(fold), best.units.get(fold)];
    return own && other ? [{ value: ledger.sign * own.value, best: ledger.sign * other.value }] : [];
  });
  return pairs.length > 0 && pruner.prune(pairs);
}

/** Ends a trial before its last unit: failed where there is a reason, else pruned. */
async function close(wave: Wave, lane: Lane, reason: string | null): Promise<void> {
  lane.isOver = true;
  if (wave.isFresh) lane.failure = reason;
  else if (reason !== null) await end(wave, lane, { state: 'failed', value: null, reason });
  else {
    const value = meanOver(lane.trial, wave.folds);
    await end(wave, lane, { state: 'pruned', value: Number.isNaN(value) ? null : value, reason });
  }
}

async function end(wave: Wave, lane: Lane, ended: Ended): Promise<void> {
  lane.isOver = true;
  await wave.ledger.end(lane.trial.number, ended);
  await wave.tell({ type: 'ended', trial: lane.trial });
}
