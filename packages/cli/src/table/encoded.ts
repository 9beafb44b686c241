/** Encodes a whole table as numbers. */
import { show } from '@keepprob/core/driver';
import { type Encoding, type RowEncoder, rowEncoder } from '@keepprob/trainer/table';
import { type Floats, floats } from '../data/arrays.ts';
import type { Table } from './csv.ts';
import { notNumber } from './fields.ts';

/** The inputs, of shape [rows, inputs]. @throws DataError for a field that does not have the type of its column, and for more numbers than memory holds */
export function encoded(table: Table, encodings: readonly Encoding[]): Floats & Pick<RowEncoder, 'unknown'> {
  const { inputs, unknown, write } = rowEncoder(table, encodings, notNumber);
  const data = floats(
    `${table.path}: ${show(inputs.length)} inputs of ${table.length} rows`,
    table.length * inputs.length,
  );
  let at = 0;
  for (const row of table.rows()) {
    write(row, data, at);
    at += inputs.length;
  }
  return { data, shape: [table.length, inputs.length], unknown };
}
