/** Reads the fields of a table (numbers, gaps or words), and names them in errors. */
import { DataError } from '@keepprob/core';
import { nearest, show } from '@keepprob/core/driver';

/** A row of a table as text. */
export interface Row {
  /** The line of the file on which it begins, counted from 1. */
  readonly line: number;
  /** Its fields, in the order of the columns. */
  readonly fields: readonly string[];
}

/** The name of a table in errors, and its columns. */
export interface Columns {
  /** The path of the file, or another name. */
  readonly path: string;
  /** The names of the columns. */
  readonly header: readonly string[];
  /** The word for a row in errors; 'line' by default. */
  readonly unit?: 'line' | 'row';
}

/**
 * An ordinary decimal number, without other forms that JavaScript accepts, such as '' or '0x1f'. Each part is followed by a character that it cannot match, so that
 * a field is read only once, however long it is.
 */
const decimal = /^\s*[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?\s*$/i;

/**
 * Whether a field is a decimal number.
 * @example
 * isDecimal(' -1.5e3 '); // true
 * isDecimal('0x1f'); // false
 */
export const isDecimal = (field: string): boolean => decimal.test(field);

const missing: ReadonlySet<string> = new Set(['', 'na', 'n/a', '#n/a', 'nan', 'null', '?']);
const LONGEST_WORD = 8;

/**
 * Whether a field marks a missing value: empty, NA, N/A, NaN, null or ?.
 * @example
 * isMissing(' NA '); // true
 * isMissing('0'); // false
 */
export function isMissing(field: string): boolean {
  const trimmed = field.trim();
  return trimmed.length < LONGEST_WORD && missing.has(trimmed.toLowerCase());
}

/** The most names that a message lists. */
const MOST_NAMES = 20;

/**
 * The positions of columns in a header.
 * @example
 * placesOf({ path: 'a.csv', header: ['x', 'y'] }, ['y']); // [1]
 * @throws DataError for a missing column, with the nearest name
 */
export function placesOf({ path, header }: Columns, names: readonly string[]): number[] {
  const places = new Map(header.map((name, place) => [name, place]));
  return names.map(name => {
    const place = places.get(name);
    if (place !== undefined) return place;
    const near = nearest(name, header);
    const shown = header.slice(0, MOST_NAMES).map(known => show(known).slice(1, -1));
    if (header.length > MOST_NAMES) shown.push(`… (${header.length} in all)`);
    const { message } = DataError.of(path, `a column ${show(name)}`, shown.join(', '));
    throw new DataError(near === undefined ? message : `${message} Did you mean ${show(near)}?`);
  });
}

/**
 * The name of a table's field in errors.
 * @example
 * fieldAt({ path: 'a.csv', header: ['x'] }, 2, 'x'); // 'a.csv, line 2, column "x"'
 */
export const fieldAt = ({ path, unit = 'line' }: Columns, line: number, column: string): string =>
  `${path}, ${unit} ${line}, column ${show(column)}`;

/**
 * The contents of a field as errors show them.
 * @example
 * received(' '); // 'an empty field'
 * received('red'); // '"red"'
 */
export const received = (field: string): string => (field.trim() === '' ? 'an empty field' : show(field));

/**
 * The number in a field.
 * @param expected what the field should contain
 * @example
 * numberIn({ path: 'a.csv', header: ['x'] }, { line: 2, fields: ['1.5'] }, 0, 'a number'); // 1.5
 * @throws DataError for a field that is not a number
 */
export function numberIn(
  table: Columns,
  { line, fields }: Row,
  place: number,
  expected: string | ((field: string, column: string) => string),
): number {
  const field = fields[place] ?? '';
  if (isDecimal(field)) return Number(field);
  const column = table.header[place] ?? '';
  const wanted = typeof expected === 'string' ? expected : expected(field, column);
  throw DataError.of(fieldAt(table, line, column), wanted, received(field));
}
