/** Sets aside a part of the rows for validation. */
import { OptionError, type OptionSpecs, option } from '@keepprob/core';
import { checkOptions } from '@keepprob/core/driver';
import type { Splitter } from '../contract.ts';
import * as messages from '../messages.ts';
import { order } from './order.ts';
import { type Indexed, openRows, sizesOf } from './rows.ts';

/** Options of `holdOut`. */
export interface HoldOutOptions {
  /** The share of the rows to validate on; 0.2 by default. */
  readonly fraction?: number;
  /** Whether each class has the same share of its rows held out; false by default. */
  readonly stratify?: boolean;
  /** How many times to draw the rows; 1 by default. Validation rows of different draws may overlap. */
  readonly repeats?: number;
}

const specs: OptionSpecs<HoldOutOptions> = {
  fraction: option.number({ above: 0, below: 1, fallback: 0.2 }),
  stratify: option.boolean({ fallback: false }),
  repeats: option.number({ min: 1, integer: true, fallback: 1 }),
};

const OWNER = 'holdOut';

/**
 * Validates on a random share of the rows and trains on the others: round(fraction · n) of n rows, with `stratify` of the n rows of each class, and at
 * least one on each side. With repeats it is Monte-Carlo cross-validation, the "random subsampling" of Nadeau & Bengio 2003.
 * @example
 * const [{ train, validation }] = holdOut({ fraction: 0.2 }).split({ count: 150 }, 7);
 * validation.length; // 30
 * @throws OptionError for a fraction outside (0, 1), a single row, or, with `stratify`, a class with a single row; DataError if `classes`
 * does not have one finite number per row
 */
export function holdOut(options: HoldOutOptions = {}): Splitter {
  const { fraction, stratify, repeats } = checkOptions<HoldOutOptions>(OWNER, specs, options);
  return {
    name: OWNER,
    options: { fraction, stratify, repeats },
    split(rows, seed) {
      const { numbers, strata } = openRows(OWNER, rows, seed, stratify);
      if (numbers.length < 2)
        throw OptionError.of(OWNER, 'fraction', 'rows for both sides, two at least', `${numbers.length} rows`);
      const heldOut = heldOutOf(strata, fraction);
      return Array.from({ length: repeats }, (_, repeat) => {
        const chosen = first(order(seed, repeat, numbers.length, 'rows'), strata, heldOut);
        return {
          repeat,
          fold: 0,
          train: numbers.filter((_row, i) => !chosen[i]),
          validation: numbers.filter((_row, i) => chosen[i]),
        };
      });
    },
  };
}

/** The number of rows of each class to hold out. */
function heldOutOf({ index, values }: Indexed<number>, fraction: number): Int32Array {
  const sizes = sizesOf(index, values.length);
  const single = values[sizes.indexOf(1)];
  if (single !== undefined)
    throw new OptionError(messages.classOnOneSide(OWNER, single), { option: 'stratify', received: true });
  return sizes.map(n => Math.min(n - 1, Math.max(1, Math.round(fraction * n))));
}

/** 1 for the first rows of each class, in the shuffled order. */
function first(shuffled: Int32Array, { index }: Indexed<number>, heldOut: Int32Array): Uint8Array {
  const left = Int32Array.from(heldOut);
  const chosen = new Uint8Array(shuffled.length);
  for (const row of shuffled) {
    const c = index[row] ?? 0;
    const open = left[c] ?? 0;
    if (open === 0) continue;
    left[c] = open - 1;
    chosen[row] = 1;
  }
  return chosen;
}
