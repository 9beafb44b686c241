/** Confirms the best trials on folds and seeds that played no part in finding them. */
import type { Rows, Split, Splitter } from '../contract.ts';
import { derivedSeed } from '../splits/order.ts';

/** A fold, and the seed to train with on it. */
export interface FoldAndSeed {
  /** Index into the list of folds. */
  readonly fold: number;
  /** The seed of weights, shuffling and masks. */
  readonly seed: number;
}

/** Folds and seeds that no trial has seen. */
export interface FreshPairs {
  /** The folds of the search, followed by the fresh ones. */
  readonly folds: readonly Split[];
  /** One fresh fold each, with its own seed. */
  readonly pairs: readonly FoldAndSeed[];
}

/**
 * Partitions the rows again, `times` times, and gives each fold its own seed: 5 × 5-fold makes 25 pairs. A splitter that does not shuffle, such as
 * `timeSeries`, makes the same folds again; they keep their index, and only the seeds are fresh.
 * @param folds the folds of the search
 * @param seed the seed of the search
 * @example
 * const splitter = kFold({ k: 5 });
 * const { folds, pairs } = freshPairs(splitter, { count: 100 }, splitter.split({ count: 100 }, 7), { seed: 7, times: 5 });
 * [folds.length, pairs.length]; // [30, 25]
 */
export function freshPairs(
  splitter: Splitter,
  rows: Rows,
  folds: readonly Split[],
  { seed, times }: { readonly seed: number; readonly times: number },
): FreshPairs {
  const all = [...folds];
  const known = new Map(folds.map((split, index) => [rowsIn(split), index]));
  const pairs: FoldAndSeed[] = [];
  for (let time = 0; time < times; time++) {
    const repeats = 1 + Math.max(-1, ...all.map(({ repeat }) => repeat));
    for (const split of splitter.split(rows, derivedSeed(seed, 'fresh', time))) {
      const fold = known.get(rowsIn(split)) ?? all.length;
      if (fold === all.length) all.push({ ...split, repeat: repeats + split.repeat });
      known.set(rowsIn(split), fold);
      pairs.push({ fold, seed: derivedSeed(seed, 'unit', pairs.length) });
    }
  }
  return { folds: all, pairs };
}

const rowsIn = ({ train, validation }: Split): string => `${train.join()}|${validation.join()}`;

/** A trial that ended with a value. */
interface Ranked {
  readonly number: number;
  /** Whether its regularizers are switched off. */
  readonly isOff: boolean;
}

/**
 * The trials to confirm: the best ones, always including "off" (trial 0) and at least one that is not off; if all others were pruned, the best of these.
 * @param complete complete trials, best first; `pruned` likewise
 */
export function leading<T extends Ranked>(complete: readonly T[], pruned: readonly T[], top: number): readonly T[] {
  const best = complete.filter(({ isOff, number }, rank) => rank < top || (isOff && number === 0));
  if (!best.every(({ isOff }) => isOff)) return best;
  const other = [...complete, ...pruned].find(({ isOff }) => !isOff);
  return other ? [...best, other] : best;
}
