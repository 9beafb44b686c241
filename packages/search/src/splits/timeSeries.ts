/** Rows in the order of time: training on earlier rows, validation on the rows after them. */
import { OptionError, type OptionSpecs, option } from '@keepprob/core';
import { checkOptions } from '@keepprob/core/driver';
import type { Splitter } from '../contract.ts';
import * as messages from '../messages.ts';
import { openRows } from './rows.ts';

/** Options of `timeSeries`. */
export interface TimeSeriesOptions {
  /** Number of folds; 5 by default. */
  readonly k?: number;
  /** Number of rows to leave out between training and validation: as many as an input or a label spans. 0 by default. */
  readonly gap?: number;
  /** Maximum number of rows to train on, the latest ones; null, the default, takes all rows before the fold. */
  readonly window?: number | null;
}

const specs: OptionSpecs<TimeSeriesOptions> = {
  k: option.number({ min: 1, integer: true, fallback: 5 }),
  gap: option.number({ min: 0, integer: true, fallback: 0 }),
  window: option.orNull(option.number({ min: 1, integer: true })),
};

const OWNER = 'timeSeries';

/**
 * Forward chaining, for rows in the order of time: the last k · v rows are k folds of v = ⌊n / (k + 1)⌋ rows, and each is validated on after training on
 * the rows before it, less the `gap`. Nothing is shuffled, so every seed gives these folds. Rows of the same moment must be next to each other; a `gap`
 * as large as the largest moment keeps a moment from being on both sides.
 *
 * Hyndman & Athanasopoulos, "Forecasting: principles and practice", 3rd ed., §5.10.
 * @example
 * const folds = timeSeries({ k: 3, gap: 1 }).split({ count: 8 }, 0);
 * folds.map(({ train, validation }) => [train.length, ...validation]); // [[1, 2, 3], [3, 4, 5], [5, 6, 7]]
 * @throws OptionError if k and gap leave nothing to train on, or nothing to validate on
 */
export function timeSeries(options: TimeSeriesOptions = {}): Splitter {
  const { k, gap, window } = checkOptions<TimeSeriesOptions>(OWNER, specs, options);
  return {
    name: OWNER,
    options: { k, gap, window },
    split(rows, seed) {
      const { numbers } = openRows(OWNER, rows, seed, false);
      const size = Math.floor(numbers.length / (k + 1));
      const start = numbers.length - k * size;
      if (size < 1)
        throw new OptionError(messages.moreFoldsThan(OWNER, k, numbers.length, 'row'), { option: 'k', received: k });
      if (start - gap < 1)
        throw new OptionError(messages.nothingBefore(OWNER, numbers.length, k, size, gap), {
          option: gap ? 'gap' : 'k',
          received: gap || k,
        });
      return Array.from({ length: k }, (_, fold) => {
        const from = start + fold * size;
        const end = from - gap;
        return {
          repeat: 0,
          fold,
          train: numbers.slice(Math.max(0, end - (window ?? end)), end),
          validation: numbers.slice(from, from + size),
        };
      });
    },
  };
}
