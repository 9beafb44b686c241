/** Checks the rows that a splitter should split. */
import { DataError, OptionError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import type { Rows, Split } from '../contract.ts';
import * as messages from '../messages.ts';

/** Values of rows as indices 0, 1, … in order of first appearance, and the value of each index. */
export interface Indexed<T> {
  readonly index: Int32Array;
  readonly values: readonly T[];
}

/** The rows, ascending, and the class of each; a single class without stratification. */
export interface Opened {
  readonly numbers: Int32Array;
  readonly strata: Indexed<number>;
}

export function indexed<T>(values: Iterable<T>): Indexed<T> {
  const known = new Map<T, number>();
  const numberOf = (value: T): number => {
    const number = known.get(value) ?? known.size;
    known.set(value, number);
    return number;
  };
  const index = Int32Array.from(values, numberOf);
  return { index, values: [...known.keys()] };
}

/**
 * @param owner the name of the splitter in errors
 * @throws OptionError for a bad seed or missing classes; DataError for invalid rows, or classes that are too few or not finite
 */
export function openRows(owner: string, rows: Rows, seed: number, stratify: boolean): Opened {
  const { count, classes, only } = rows;
  if (!Number.isSafeInteger(seed) || seed < 0) throw OptionError.of(owner, 'seed', 'an integer ≥ 0', seed);
  if (!Number.isSafeInteger(count) || count < 0) throw DataError.of(`${owner}: count`, 'an integer ≥ 0', show(count));
  const numbers = only ? numbersOf(owner, only, count) : Int32Array.from({ length: count }, (_, i) => i);
  if (!stratify) return { numbers, strata: { index: new Int32Array(numbers.length), values: [0] } };
  if (!classes) throw new OptionError(messages.noClasses(owner), { option: 'stratify', received: true });
  if (classes.length !== count)
    throw DataError.of(`${owner}: classes`, `${count} values, one for each row`, `${classes.length}`);
  const bad = Array.from(classes).findIndex(value => !Number.isFinite(value));
  if (bad >= 0)
    throw DataError.of(`${owner}: classes`, 'a finite number for each row', `${show(classes[bad])} for row ${bad}`);
  return { numbers, strata: indexed(Array.from(numbers, row => classes[row] ?? Number.NaN)) };
}

function numbersOf(owner: string, only: ArrayLike<number>, count: number): Int32Array {
  const what = `${owner}: only`;
  const expected = `row numbers from 0 to ${count - 1}, each once`;
  const bad = Array.from(only).find(row => !Number.isInteger(row) || row < 0 || row >= count);
  if (bad !== undefined) throw DataError.of(what, expected, show(bad));
  const sorted = Int32Array.from(Array.from(only)).sort();
  const twice = sorted.find((row, i) => row === sorted[i - 1]);
  if (twice !== undefined) throw DataError.of(what, expected, messages.rowTwice(twice));
  return sorted;
}

/** The number of rows of each of `groups` indices. */
export function sizesOf(index: Iterable<number>, groups: number): Int32Array {
  const sizes = new Int32Array(groups);
  for (const group of index) sizes[group] = (sizes[group] ?? 0) + 1;
  return sizes;
}

/** The splits of all folds, from the fold of each row. */
export const splitsOf = (numbers: Int32Array, foldOf: Int32Array, k: number, repeat: number): Split[] =>
  Array.from({ length: k }, (_, fold) => ({
    repeat,
    fold,
    train: numbers.filter((_row, i) => foldOf[i] !== fold),
    validation: numbers.filter((_row, i) => foldOf[i] === fold),
  }));
