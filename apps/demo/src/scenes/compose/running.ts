/** What was known of the time of a step after each round. */
import type { Spread } from '../../stage/spread.ts';
import { stepTime, warmUps } from './measured.ts';
import type { Round } from './reports.ts';

export interface Running {
  readonly round: number;
  readonly bare: Spread;
  readonly all: Spread;
}

/** With those that came since: what was known before does not change. Rounds that warm up tell nothing. */
export function withRounds(known: readonly Running[], rounds: readonly Round[]): readonly Running[] {
  const last = (rounds[0]?.times.length ?? 1) - 1;
  const more = rounds.slice(warmUps + known.length).map((_, i) => {
    const round = warmUps + known.length + i + 1;
    const soFar = rounds.slice(0, round);
    return { round, bare: stepTime(soFar, 0), all: stepTime(soFar, last) };
  });
  return [...known, ...more];
}
