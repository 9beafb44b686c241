/** The best trials once more, on folds and seeds that had no say in what is best. */
import { type OptionSpecs, option } from '@keepprob/core';
import { checkOptions } from '@keepprob/core/driver';
import type { Rows, Split, Splitter, Told, Unit } from '../contract.ts';
import { derivedSeed } from '../splits/order.ts';

/** A fold that is looked at with a seed. */
export interface FoldAndSeed {
  /** Index into the list of folds. */
  readonly fold: number;
  /** Of weights, shuffling and masks. */
  readonly seed: number;
}

/** Folds and seeds that no trial has seen. */
export interface FreshPairs {
  /** The folds of the search, and behind them the fresh ones. */
  readonly folds: readonly Split[];
  /** A fresh fold each, with a seed of its own. */
  readonly pairs: readonly FoldAndSeed[];
}

/**
 * Partitions the rows anew, `times` times, and gives each fold a seed of its own: 5 × 5-fold are 25 pairs. A splitter that shuffles nothing, such as `timeSeries`, makes its
 * folds again; then they keep their index, and only the seeds are fresh.
 * @param folds those of the search
 * @param seed of the search
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

/** Options of `confirmUnits`. */
export interface TopOptions {
  /** Trials to confirm. */
  readonly top?: number;
  /** The number of the trial in which everything is off: it is confirmed whatever it came to. */
  readonly off?: number | null;
}

const specs: OptionSpecs<TopOptions> = {
  top: option.number({ min: 1, integer: true, fallback: 5 }),
  off: option.orNull(option.number({ min: 0, integer: true })),
};

/**
 * The units that confirm a search: the complete trials with the lowest values, and "off", each on every fresh pair. Pair after pair, so that whatever is done at a time
 * compares all of them.
 * @example
 * const told = [8.1, 7.9, 9.4].map((value, number) => ({ number, point: {}, state: 'complete', value }));
 * confirmUnits(told, [{ fold: 5, seed: 11 }], { top: 1, off: 0 }); // [{ trial: 1, fold: 5, seed: 11 }, { trial: 0, fold: 5, seed: 11 }]
 * @throws OptionError for values out of range
 */
export function confirmUnits(told: readonly Told[], pairs: readonly FoldAndSeed[], options: TopOptions = {}): Unit[] {
  const { top, off } = checkOptions<TopOptions>('confirmUnits', specs, options);
  const complete = told.flatMap(({ number, state, value }) =>
    state === 'complete' && value !== null ? [{ number, value }] : [],
  );
  complete.sort((a, b) => a.value - b.value || a.number - b.number);
  const chosen = complete.slice(0, top);
  const reference = complete.find(({ number }) => number === off);
  const trials = reference && !chosen.includes(reference) ? [...chosen, reference] : chosen;
  return pairs.flatMap(({ fold, seed }) => trials.map(({ number }) => ({ trial: number, fold, seed })));
}
