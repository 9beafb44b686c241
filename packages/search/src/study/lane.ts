/** One trial of a wave: its units count in the order of their pairs, whichever finishes first. */

import type { FoldAndSeed } from '../choice/confirm.ts';
import type { Job, Json, Pool, Pruner, UnitResult } from '../contract.ts';
import type { Ended, StoppedUnit } from '../journal/entries.ts';
import { isWhole, type Ledger, meanOver, type TrialState } from './ledger.ts';

export interface Wave {
  readonly ledger: Ledger;
  readonly pool: Pool;
  /** The folds and seeds that every trial of the wave is measured on. */
  readonly pairs: readonly FoldAndSeed[];
  /** Whether these units confirm trials that ended. */
  readonly isFresh: boolean;
  readonly pruner: Pruner | null;
  readonly signal: AbortSignal;
  valuesOf(trial: TrialState): Json;
  tell(what: Happened): Promise<void>;
}

export type Happened =
  | { readonly type: 'epoch'; readonly job: Job; readonly epoch: number; readonly value: number }
  | { readonly type: 'unit'; readonly result: UnitResult }
  | { readonly type: 'ended'; readonly trial: TrialState };

/** The outcome of a unit. */
type Outcome =
  | { readonly type: 'result'; readonly result: UnitResult }
  | { readonly type: 'failed'; readonly reason: string }
  /** Stopped by the pruner after these epochs. */
  | { readonly type: 'stopped'; readonly stopped: StoppedUnit };

/** A trial of the wave. */
export interface Lane {
  readonly trial: TrialState;
  /** The pairs to compute, in order. */
  readonly pairs: readonly FoldAndSeed[];
  /** Number of pairs known before; numbers of the others that were started, and that count. */
  readonly known: number;
  begun: number;
  counted: number;
  readonly outcomes: Map<number, Outcome>;
  readonly abort: AbortController;
  isOver: boolean;
  /** Why it failed on a fresh pair. */
  failure: string | null;
  /** The counting in progress, which takes one outcome after the other. */
  counting: Promise<void>;
}

export const laneOf = (trial: TrialState, pairs: readonly FoldAndSeed[]): Lane => ({
  trial,
  pairs: pairs.filter(pair => !trial.units.has(pair)),
  known: trial.units.of(pairs).length,
  ...{ begun: 0, counted: 0, isOver: false, failure: null, counting: Promise.resolve() },
  outcomes: new Map(),
  abort: new AbortController(),
});

/** Takes the available outcomes in order, and ends the trial if they decide it. */
export async function count(wave: Wave, lane: Lane, others: readonly TrialState[]): Promise<void> {
  while (!lane.isOver) {
    const outcome = lane.outcomes.get(lane.counted);
    if (!outcome) return;
    lane.counted++;
    if (outcome.type === 'result') {
      await wave.ledger.record(outcome.result, wave.isFresh);
      await wave.tell({ type: 'unit', result: outcome.result });
      await endIfOver(wave, lane, others);
    } else if (outcome.type === 'stopped') await close(wave, lane, null, outcome.stopped);
    else await close(wave, lane, outcome.reason);
  }
}

/** Ends a trial that is measured on all pairs, or pruned. Called after each unit, and once at the start. */
export async function endIfOver(wave: Wave, lane: Lane, others: readonly TrialState[]): Promise<void> {
  const { trial } = lane;
  const isMeasured = isWhole(trial, wave.pairs);
  if (wave.isFresh) lane.isOver = isMeasured;
  else if (isMeasured) await end(wave, lane, { state: 'complete', value: meanOver(trial, wave.pairs), reason: null });
  else if (isPruned(wave, trial, others)) await close(wave, lane, null);
}

function isPruned({ pruner, pairs, ledger }: Wave, { units }: TrialState, others: readonly TrialState[]): boolean {
  if (!pruner) return false;
  const value = ({ ended }: TrialState): number => ledger.sign * (ended?.value ?? Number.NaN);
  const [first, ...more] = others.filter(({ ended }) => ended?.state === 'complete');
  if (!first) return false;
  const best = more.reduce((least, trial) => (value(trial) < value(least) ? trial : least), first);
  const both = pairs.flatMap(pair => {
    const [own, other] = [units.at(pair), best.units.at(pair)];
    return own && other ? [{ value: ledger.sign * own.value, best: ledger.sign * other.value }] : [];
  });
  return both.length > 0 && pruner.prune(both);
}

/** Ends a trial before its last unit: as failed if there is a reason, else as pruned. */
async function close(wave: Wave, lane: Lane, reason: string | null, stopped?: StoppedUnit): Promise<void> {
  lane.isOver = true;
  if (wave.isFresh) lane.failure = reason;
  else if (reason !== null) await end(wave, lane, { state: 'failed', value: null, reason });
  else {
    const value = meanOver(lane.trial, wave.pairs);
    await end(wave, lane, {
      state: 'pruned',
      value: Number.isNaN(value) ? null : value,
      reason,
      ...(stopped && { stopped }),
    });
  }
}

async function end(wave: Wave, lane: Lane, ended: Ended): Promise<void> {
  lane.isOver = true;
  await wave.ledger.end(lane.trial.number, ended);
  await wave.tell({ type: 'ended', trial: lane.trial });
}
