/** Cross-validation: every row is used for validation once. */
import { OptionError, type OptionSpecs, option } from '@keepprob/core';
import { checkOptions } from '@keepprob/core/driver';
import type { Json, Rows, Split, Splitter } from '../contract.ts';
import * as messages from '../messages.ts';
import { checksum } from './checksum.ts';
import { dealt, dealtWhole, groupsHaving } from './deal.ts';
import { order } from './order.ts';
import { type Indexed, indexed, type Opened, openRows, sizesOf, splitsOf } from './rows.ts';

/** Options of `kFold`. */
export interface KFoldOptions {
  /** Number of folds per repeat; 5 by default. */
  readonly k?: number;
  /** Number of partitions, each newly shuffled; 1 by default. */
  readonly repeats?: number;
  /** Whether every fold gets its share of each class, to the row; with `groups`, as nearly as whole groups allow. False by default. */
  readonly stratify?: boolean;
  /** A value per row of the data, such as its patient: rows with the same value are never on both sides. None by default. */
  readonly groups?: ArrayLike<number | string> | null;
}

const isGroup = (value: unknown): boolean => typeof value === 'string' || Number.isFinite(value);

const isGroups = (value: unknown): boolean =>
  (Array.isArray(value) && value.every(isGroup)) ||
  (ArrayBuffer.isView(value) && !(value instanceof DataView) && isGroups(Array.from(value as Float64Array)));

const specs: OptionSpecs<KFoldOptions> = {
  k: option.number({ min: 2, integer: true, fallback: 5 }),
  repeats: option.number({ min: 1, integer: true, fallback: 1 }),
  stratify: option.boolean({ fallback: false }),
  groups: option.orNull(
    option.custom<ArrayLike<number | string>>('a list with a string or a finite number for each row', isGroups),
  ),
};

const OWNER = 'kFold';

/**
 * Shuffled k-fold cross-validation: `repeats` partitions of the rows into k folds. Each fold is validated on once and trained on k − 1 times. The sizes
 * of folds differ by at most one row; with `groups`, by at most the rows of the largest group. The folds are a function of the rows and the seed.
 *
 * With `groups`, whole groups are assigned to folds greedily: larger groups first, each to the fold in which its classes are rarest so far. With
 * `stratify`, shares are then nearly equal, but not exactly.
 *
 * Kohavi, "A study of cross-validation and bootstrap for accuracy estimation and model selection", IJCAI 1995.
 * @example
 * for (const { train, validation } of kFold({ k: 5 }).split({ count: 150 }, 7)) console.log(train.length, validation.length); // 120 30, five times
 * const classes = Int32Array.from({ length: 150 }, (_, i) => i % 3);
 * kFold({ k: 5, repeats: 2, stratify: true }).split({ count: 150, classes }, 7).length; // 10
 * @throws OptionError if k is larger than the number of rows, of groups, or of rows in the rarest class, or if the length of `groups` differs from that
 * of the data; DataError if `classes` does not have one finite number per row
 */
export function kFold(options: KFoldOptions = {}): Splitter {
  const checked = checkOptions<KFoldOptions>(OWNER, specs, options);
  const { k, repeats, stratify } = checked;
  // a copy, so that later changes of the list have no effect on the folds
  const groups = checked.groups && Array.from(checked.groups);
  return {
    name: OWNER,
    options: { k, repeats, stratify, groups: groups && summary(indexed(groups)) },
    split(rows, seed) {
      const opened = openRows(OWNER, rows, seed, stratify);
      const whole = groups ? groupsOf(groups, rows, opened) : undefined;
      if (whole) checkGroups(k, whole, opened, stratify);
      else checkRows(k, opened, stratify);
      return Array.from({ length: repeats }, (_, repeat) => partition(opened, whole, k, seed, repeat)).flat();
    },
  };
}

function partition(
  { numbers, strata }: Opened,
  whole: Indexed<unknown> | undefined,
  k: number,
  seed: number,
  repeat: number,
): Split[] {
  const foldOf = whole
    ? dealtWhole(order(seed, repeat, whole.values.length, 'groups'), whole, strata, k)
    : dealt(order(seed, repeat, numbers.length, 'rows'), strata.index, k);
  return splitsOf(numbers, foldOf, k, repeat);
}

function groupsOf(groups: ArrayLike<number | string>, { count }: Rows, { numbers }: Opened): Indexed<unknown> {
  if (groups.length !== count)
    throw new OptionError(messages.groupsLength(OWNER, groups.length, count), { option: 'groups', received: groups });
  return indexed(Array.from(numbers, row => groups[row]));
}

const badK = (message: string, k: number): OptionError => new OptionError(message, { option: 'k', received: k });

function checkRows(k: number, { numbers, strata }: Opened, stratify: boolean): void {
  if (k > numbers.length) throw badK(messages.moreFoldsThan(OWNER, k, numbers.length, 'row'), k);
  if (stratify) checkRarest(k, strata.values, sizesOf(strata.index, strata.values.length), 'row');
}

function checkGroups(k: number, groups: Indexed<unknown>, { strata }: Opened, stratify: boolean): void {
  if (k > groups.values.length) throw badK(messages.moreFoldsThan(OWNER, k, groups.values.length, 'group'), k);
  if (!stratify) return;
  checkRarest(k, strata.values, groupsHaving(groups, strata), 'group');
}

function checkRarest(k: number, labels: readonly number[], sizes: Int32Array, what: 'row' | 'group'): void {
  const has = sizes.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const label = labels[sizes.indexOf(has)];
  if (label !== undefined && has < k) throw badK(messages.rareClass(OWNER, k, label, has, what), k);
}

/** A summary of the groups for the journal: other groups have another checksum. */
const summary = ({ index, values }: Indexed<unknown>): Json => ({
  rows: index.length,
  groups: values.length,
  checksum: checksum(index),
});
