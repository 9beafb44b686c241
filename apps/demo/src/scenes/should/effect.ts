/** What pairs of runs tell of regularization, by the statistics of @keepprob/lens. */
import { type Difference, differenceOf, type Needed, needed } from '@keepprob/lens/statistics';
import type { Interval } from '../../stage/statistics.ts';
import { looks, type Settings } from './params.ts';
import type { Pair } from './reports.ts';

/**
 * Of one look. Who looks often, and ends when it suits, is fooled by chance more often than the interval says; so all looks together may err as often as one
 * does where there is one (Bonferroni).
 */
export const confidenceOf = ({ stop, level }: Settings): number =>
  stop === 'yes' ? 1 - (1 - level) / looks.length : level;

export interface Effect {
  /** Dev error with regularization − without, over seeds and dev points. */
  readonly interval: Interval;
  readonly verdict: 'helps' | 'hurts' | 'cannotTell';
  readonly needed: Needed;
  readonly confidence: number;
}

/** @returns undefined for fewer than two pairs, which do not tell how much seeds differ */
export function effectOf(pairs: readonly Pair[], settings: Settings): Effect | undefined {
  const [first] = pairs;
  if (!first || pairs.length < 2) return undefined;
  const level = confidenceOf(settings);
  const difference: Difference = differenceOf(
    pairs.map(pair => pair.off),
    pairs.map(pair => pair.on),
    level,
  );
  const { value, interval } = difference;
  const [lower, upper] = interval;
  return {
    interval: { value, lower, upper },
    verdict: upper < 0 ? 'helps' : lower > 0 ? 'hurts' : 'cannotTell',
    needed: needed(difference, pairs.length, first.off.length, level),
    confidence: level,
  };
}

/** Whether so many pairs are looked at. */
export const isLook = (count: number, { stop, pairs }: Settings): boolean =>
  count === pairs || (stop === 'yes' && looks.includes(count));

/** Whether no more pairs are needed. */
export const isOver = (pairs: readonly Pair[], settings: Settings): boolean =>
  pairs.length >= settings.pairs ||
  (isLook(pairs.length, settings) && effectOf(pairs, settings)?.verdict !== 'cannotTell');
