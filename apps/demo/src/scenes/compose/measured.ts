/** What rounds of steps tell: what each technique adds to the time of a step, and to J. */
import { quantile } from '@keepprob/lens/statistics';
import { quartersOf, type Spread } from '../../stage/spread.ts';
import type { Round } from './reports.ts';

/**
 * The median, between what it may be: the interval of 95 % of the sign test, whose ends are the quantiles ½ ± 0.98/√n (David & Nagaraja 2003, §7.1, for
 * many values). A pause of the machine in some rounds does not move it.
 */
function medianOf(values: readonly number[]): Spread {
  const reach = Math.min(0.5, 0.98 / Math.sqrt(values.length));
  return {
    lower: quantile(values, 0.5 - reach),
    middle: quantile(values, 0.5),
    upper: quantile(values, 0.5 + reach),
  };
}

/** Of one technique, beside those before it in the list. */
export interface Added {
  /** The median of step with it − step without, in pairs of one round, and its interval. */
  readonly time: Spread;
  /** Whether the interval leaves 0 out. */
  readonly isClear: boolean;
  /** J of the first step with it − without, from the same weights on the same rows. */
  readonly cost: number;
}

/** The first rounds warm up: kernels are compiled, memory is found. */
export const warmUps = 3;
export const counted = (rounds: readonly Round[]): readonly Round[] =>
  rounds.length > warmUps ? rounds.slice(warmUps) : rounds;

const between = (rounds: readonly Round[], from: number, to: number): number[] =>
  rounds.map(({ times }) => (times[to] ?? 0) - (times[from] ?? 0));

/** @param to how many techniques there are, of which the one from `from` on are asked for */
export function addedBy(rounds: readonly Round[], from: number, to: number): Added {
  const time = medianOf(between(counted(rounds), from, to));
  const [first] = rounds;
  const cost = first ? (first.costs[to] ?? Number.NaN) - (first.costs[from] ?? Number.NaN) : Number.NaN;
  return { time, isClear: time.lower > 0 || time.upper < 0, cost };
}

/** Milliseconds: half of the rounds lie between the edges. */
export const stepTime = (rounds: readonly Round[], at: number): Spread =>
  quartersOf(counted(rounds).map(({ times }) => times[at] ?? Number.NaN));
