/** Converts columns of a table to numbers, and selects rows. */
import { DataError } from '@keepprob/core';
import { nearest, show } from '@keepprob/core/driver';
import {
  type Columns,
  fieldAt,
  isMissing,
  numberIn as numberAt,
  placesOf,
  type Row,
  received,
} from '@keepprob/trainer/table';
import * as messages from '../config/messages.ts';
import { type Floats, floats } from '../data/arrays.ts';
import type { Table } from './csv.ts';
import { notNumber } from './fields.ts';

/** @throws DataError for a field that is not a number, with the likely mistake, or with `expected` */
export const numberIn = (table: Columns, row: Row, place: number, expected?: string): number =>
  numberAt(table, row, place, expected ?? notNumber);

/** The numbers in columns, of shape [rows, columns]. @throws DataError for a missing column, or a field that is not a number */
export function numbers(table: Table, names: readonly string[], expected?: string): Floats {
  const places = placesOf(table, names);
  const data = floats(table.path, table.length * places.length);
  let next = 0;
  for (const row of table.rows()) for (const place of places) data[next++] = numberIn(table, row, place, expected);
  return { data, shape: [table.length, places.length] };
}

/** Converts class names to class numbers of shape [rows]. @throws DataError for a name that is not one of the classes */
export function classNumbers(table: Table, name: string, classes: readonly string[]): Floats {
  const [place = 0] = placesOf(table, [name]);
  const numberOf = new Map(classes.map((known, number) => [known, number]));
  const data = floats(table.path, table.length);
  let next = 0;
  for (const { line, fields } of table.rows()) {
    const field = (fields[place] ?? '').trim();
    const number = numberOf.get(field);
    if (number === undefined) {
      const near = isMissing(field) ? undefined : nearest(field, classes);
      const drop = isMissing(field)
        ? `; to leave out rows without a label say "impute": { ${show(name)}: "drop" }`
        : '';
      throw DataError.of(
        fieldAt(table, line, name),
        `one of the classes ${messages.listed(classes)}${drop}`,
        `${received(field)}${near ? `, which may be ${near}` : ''}`,
      );
    }
    data[next++] = number;
  }
  return { data, shape: [data.length] };
}

/** The rows of a table that pass a test. */
function filtered(table: Table, length: number, keeps: (row: Row, i: number) => boolean): Table {
  function* rows(): Generator<Row> {
    let i = 0;
    for (const row of table.rows()) if (keeps(row, i++)) yield row;
  }
  return { path: table.path, header: table.header, length, rows };
}

/** The rows with these numbers, in the order of the table. */
export function onlyRows(table: Table, rows: Int32Array): Table {
  const wanted = new Uint8Array(table.length);
  for (const row of rows) wanted[row] = 1;
  return filtered(table, rows.length, (_, i) => wanted[i] === 1);
}

/** The rows that have a value in each of these columns. @throws DataError if there are none */
export function completeRows(table: Table, columns: readonly string[]): Table {
  if (!columns.length) return table;
  const places = placesOf(table, columns);
  const isComplete = ({ fields }: Row): boolean => !places.some(place => isMissing(fields[place] ?? ''));
  let length = 0;
  for (const row of table.rows()) if (isComplete(row)) length++;
  if (length) return filtered(table, length, isComplete);
  throw DataError.of(
    table.path,
    `rows with a value in ${messages.listed(columns)}, as "drop" leaves out others`,
    'none',
  );
}
