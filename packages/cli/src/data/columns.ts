/** From the columns of a table to numbers. */
import { DataError } from '@keepprob/core';
import { nearest } from '@keepprob/core/driver';
import type { Floats } from './arrays.ts';
import type { Row, Table } from './csv.ts';

/** Where the columns stand. @throws DataError with the nearest name for one that is not there */
function placesOf({ path, header }: Table, names: readonly string[]): number[] {
  return names.map(name => {
    const place = header.indexOf(name);
    if (place >= 0) return place;
    const near = nearest(name, header);
    throw DataError.of(
      path,
      `a column "${name}"`,
      `${header.join(', ')}.${near ? ` Did you mean "${near}"?` : ''}`.replace(/\.$/, ''),
    );
  });
}

/** Decimal, as everyone writes it; not what else JavaScript takes for a number, such as '' or '0x1f'. */
const decimal = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i;

function numberIn({ path, header }: Table, { line, fields }: Row, place: number, hint: string): number {
  const field = fields[place] as string;
  if (decimal.test(field)) return Number(field);
  const received = field.trim() === '' ? 'an empty field' : JSON.stringify(field);
  throw DataError.of(`${path}, line ${line}, column "${header[place]}"`, `a number${hint}`, received);
}

/** [rows, columns]. @throws DataError for a column that is not there, a field that is no number */
export function numbers(table: Table, names: readonly string[], hint = ''): Floats {
  const places = placesOf(table, names);
  const data = new Float32Array(table.rows.length * places.length);
  let next = 0;
  for (const row of table.rows) for (const place of places) data[next++] = numberIn(table, row, place, hint);
  return { data, shape: [table.rows.length, places.length] };
}

/** Class numbers [rows] of names. @throws DataError for a name that is none of the classes */
export function classNumbers(table: Table, name: string, classes: readonly string[]): Floats {
  const [place] = placesOf(table, [name]) as [number];
  const data = Float32Array.from(table.rows, ({ line, fields }) => {
    const field = (fields[place] as string).trim();
    const found = classes.indexOf(field);
    if (found >= 0) return found;
    const near = nearest(field, classes);
    const expected = `one of the classes ${classes.join(', ')}`;
    throw DataError.of(
      `${table.path}, line ${line}, column "${name}"`,
      expected,
      `"${field}"${near ? `, which may be ${near}` : ''}`,
    );
  });
  return { data, shape: [data.length] };
}
