/** Examines the columns of a table. */

import { isDecimal, isMissing, wordsIn } from '@keepprob/trainer/table';
import type { Table } from '../table/csv.ts';
import { isDate } from '../table/fields.ts';

/** The most different values of a column that are counted; there may be more of them. */
export const MOST_VALUES = 1000;
/** The most different words of a column that are counted. */
const MOST_WORDS = 20_000;
/** The share of rows above which a word is uninformative, since nearly all rows contain it. */
const NEARLY_ALL = 0.9;

export interface ColumnLook {
  readonly name: string;
  readonly rows: number;
  readonly missing: number;
  /** How many of the fields that are not missing are decimal numbers, integers, dates, and numbers with a decimal comma. */
  readonly numbers: number;
  readonly integers: number;
  readonly dates: number;
  readonly commas: number;
  /** The total number of words in the fields. */
  readonly words: number;
  /** The share of words, counted once per row, that also occur in other rows, but not in nearly all of them. */
  readonly repeating: number;
  /** How often each value occurs; only the first `MOST_VALUES` are counted. */
  readonly values: ReadonlyMap<string, number>;
}

class Look {
  rows = 0;
  missing = 0;
  numbers = 0;
  integers = 0;
  dates = 0;
  commas = 0;
  words = 0;
  readonly values = new Map<string, number>();
  /** The number of rows in which a word occurs. */
  readonly #rowsOf = new Map<string, number>();

  constructor(readonly name: string) {}

  add(field: string): void {
    this.rows++;
    if (isMissing(field)) {
      this.missing++;
      return;
    }
    const value = field.trim();
    if (isDecimal(value)) this.numbers++;
    else this.#addWords(value);
    if (/^[-+]?\d{1,15}$/.test(value)) this.integers++;
    if (isDate(value)) this.dates++;
    if (/^[-+]?\d{1,15},\d{1,15}$/.test(value)) this.commas++;
    this.words += value.split(/\s+/).length;
    const known = this.values.get(value);
    if (known !== undefined || this.values.size < MOST_VALUES) this.values.set(value, (known ?? 0) + 1);
  }

  #addWords(text: string): void {
    for (const word of new Set(wordsIn(text))) {
      const rows = this.#rowsOf.get(word);
      if (rows !== undefined || this.#rowsOf.size < MOST_WORDS) this.#rowsOf.set(word, (rows ?? 0) + 1);
    }
  }

  get repeating(): number {
    const most = NEARLY_ALL * (this.rows - this.missing);
    let [all, repeated] = [0, 0];
    for (const rows of this.#rowsOf.values()) {
      all += rows;
      if (rows > 1 && rows <= most) repeated += rows;
    }
    return all ? repeated / all : 0;
  }
}

/** Reads the table once. */
export function looksOf(table: Table): ColumnLook[] {
  const looks = table.header.map(name => new Look(name));
  for (const { fields } of table.rows()) for (const [i, look] of looks.entries()) look.add(fields[i] ?? '');
  return looks;
}
