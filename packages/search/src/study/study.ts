/** A running search: the state that all its parts share. */

import type { FoldAndSeed } from '../choice/confirm.ts';
import type { Json, Point, Pool, Task } from '../contract.ts';
import type { SearchSpace } from '../space/readSpace.ts';
import type { Happened, Wave } from './lane.ts';
import type { Ledger, TrialState } from './ledger.ts';
import type { Checked } from './options.ts';
import { type BestSoFar, measuredOn, type SearchEvent, type SearchListener } from './progress.ts';

export interface Study {
  readonly options: Checked;
  readonly space: SearchSpace;
  readonly seed: number;
  readonly task: Task;
  readonly ledger: Ledger;
  readonly pool: Pool;
  /** The folds and seeds that every trial is measured on, and the fresh ones for confirmed trials. */
  readonly pairs: readonly FoldAndSeed[];
  readonly freshPairs: readonly FoldAndSeed[];
  /** Total number of trials: as many as requested, or as there are points. */
  readonly trials: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly listener: SearchListener;
}

/** The data from which the remaining time is estimated. */
export interface Clock {
  readonly began: number;
  /** Number of units measured since then. */
  units: number;
  /** Units of searches within outer folds: those done, including earlier ones from the journal, and the maximum number left. */
  nested: { done: number; left: number };
}

export const valuesAt = ({ space }: Study, point: Point): Json => space.at(point) as Json;

export const waveOf = (study: Study, isFresh: boolean, pruner: Wave['pruner']): Wave => ({
  ...{ ledger: study.ledger, pool: study.pool, signal: study.signal, isFresh, pruner },
  pairs: isFresh ? study.freshPairs : study.pairs,
  valuesOf: ({ point }) => valuesAt(study, point),
  tell: happened => told(study, happened),
});

async function told(study: Study, happened: Happened): Promise<void> {
  if (happened.type === 'epoch') {
    const { trial, fold } = happened.job.unit;
    return tell(study, { type: 'epoch', trial, fold, epoch: happened.epoch, value: happened.value });
  }
  if (happened.type === 'unit') {
    study.clock.units++;
    const { trial, fold, value } = happened.result;
    return tell(study, { type: 'unit', trial, fold, value, result: happened.result });
  }
  const { number, ended } = happened.trial;
  const { error } = measuredOn(happened.trial, study.pairs);
  await tell(study, {
    ...{ type: 'ended', trial: number, state: ended?.state ?? null, value: ended?.value ?? null },
    ...{ error: ended?.state === 'failed' ? null : error, reason: ended?.reason ?? null },
  });
}

const nothing = {
  trial: null,
  fold: null,
  epoch: null,
  value: null,
  error: null,
  state: null,
  reason: null,
  result: null,
};

export async function tell(study: Study, what: Partial<SearchEvent> & Pick<SearchEvent, 'type'>): Promise<void> {
  const { ledger, clock } = study;
  const done = ledger.trials.reduce((sum, { units }) => sum + units.all.length, clock.nested.done);
  const total = Math.max(done, totalOf(study));
  const each = clock.units > 0 ? (performance.now() - clock.began) / 1000 / clock.units : null;
  const secondsLeft = each === null ? null : each * (total - done);
  await study.listener({ ...nothing, done, total, best: bestSoFar(study), secondsLeft, ...what });
}

/** Total number of units: those of ended trials, and those of the others as if none were pruned. */
function totalOf({ options, trials, ledger, pairs, freshPairs, clock }: Study): number {
  const { counted } = ledger;
  const open = counted.filter(({ ended }) => ended === null).length + Math.max(0, trials - counted.length);
  const ended = counted.filter(trial => trial.ended !== null);
  const measured = ended.reduce((sum, { units }) => sum + units.of(pairs).length, 0);
  const confirmed = Math.min((options.confirm?.top ?? 0) + 1, trials) * freshPairs.length;
  return measured + open * pairs.length + confirmed + clock.nested.done + clock.nested.left;
}

function bestSoFar({ ledger, pairs }: Study): BestSoFar | null {
  const [best] = ranked(ledger, 'complete');
  return best ? { trial: best.number, ...measuredOn(best, pairs) } : null;
}

/** The trials that ended in this state and have a value, best first. */
export function ranked({ counted, sign }: Ledger, state: 'complete' | 'pruned'): readonly TrialState[] {
  const value = ({ ended }: TrialState): number => sign * (ended?.value ?? Number.NaN);
  return counted
    .filter(trial => trial.ended?.state === state && !Number.isNaN(value(trial)))
    .sort((a, b) => value(a) - value(b) || a.number - b.number);
}
