/** From the columns of a table to numbers. */
import { DataError } from '@keepprob/core';
import { nearest, show } from '@keepprob/core/driver';
import * as messages from '../config/messages.ts';
import { type Floats, floats } from './arrays.ts';
import type { Row, Table } from './csv.ts';

/** Where the columns stand. @throws DataError with the nearest name for one that is not there */
function placesOf({ path, header }: Table, names: readonly string[]): number[] {
  const places = new Map(header.map((name, place) => [name, place]));
  return names.map(name => {
    const place = places.get(name);
    if (place !== undefined) return place;
    const near = nearest(name, header);
    throw DataError.of(
      path,
      `a column ${show(name)}`,
      `${messages.listed(header)}${near ? `. Did you mean ${show(near)}?` : ''}`,
    );
  });
}

/**
 * Decimal, as everyone writes it; not what else JavaScript takes for a number, such as '' or '0x1f'. After each part comes a character that
 * the part before cannot take, so that a field is read once, however long it is.
 */
const decimal = /^\s*[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?\s*$/i;

function numberIn({ path, header }: Table, { line, fields }: Row, place: number, hint: string): number {
  const field = fields[place] as string;
  if (decimal.test(field)) return Number(field);
  const received = field.trim() === '' ? 'an empty field' : show(field);
  throw DataError.of(`${path}, line ${line}, column ${show(header[place])}`, `a number${hint}`, received);
}

/** [rows, columns]. @throws DataError for a column that is not there, a field that is no number */
export function numbers(table: Table, names: readonly string[], hint = ''): Floats {
  const places = placesOf(table, names);
  const data = floats(table.path, table.length * places.length);
  let next = 0;
  for (const row of table.rows()) for (const place of places) data[next++] = numberIn(table, row, place, hint);
  return { data, shape: [table.length, places.length] };
}

/** Class numbers [rows] of names. @throws DataError for a name that is none of the classes */
export function classNumbers(table: Table, name: string, classes: readonly string[]): Floats {
  const [place = 0] = placesOf(table, [name]);
  const numberOf = new Map(classes.map((known, number) => [known, number]));
  const data = floats(table.path, table.length);
  let next = 0;
  for (const { line, fields } of table.rows()) {
    const field = (fields[place] as string).trim();
    const number = numberOf.get(field);
    if (number === undefined) {
      const near = nearest(field, classes);
      throw DataError.of(
        `${table.path}, line ${line}, column ${show(name)}`,
        `one of the classes ${messages.listed(classes)}`,
        `${show(field)}${near ? `, which may be ${near}` : ''}`,
      );
    }
    data[next++] = number;
  }
  return { data, shape: [data.length] };
}
