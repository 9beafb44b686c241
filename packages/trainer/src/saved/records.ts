/** Encodes rows that are given as records, with the encoder of tables. */
import { DataError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import { type Tensor, tensor2d } from '@tensorflow/tfjs-core';
import type { Encoding } from '../table/encoding.ts';
import { fieldAt } from '../table/fields.ts';
import { rowEncoder } from '../table/rowEncoder.ts';

/** A row by column name; null, undefined and NaN mark a missing value. */
export type RowRecord = Readonly<Record<string, string | number | boolean | null | undefined>>;

const NAME = 'rows';

/**
 * A tensor [rows, inputs]. A column exists if one of the records has it.
 * @throws DataError for a column that no record has, and for a value that does not have the type of its column, or that is missing in a column whose gaps were left
 * out of training
 */
export function encodedRecords(encodings: readonly Encoding[], rows: readonly RowRecord[]): Tensor {
  const header = [...new Set(rows.flatMap(row => Object.keys(row)))];
  const table = { path: NAME, header, unit: 'row' } as const;
  const encoder = rowEncoder(table, encodings, field =>
    field === '' ? 'a number, as no training row lacked one' : 'a number',
  );
  const width = encoder.inputs.length;
  const data = new Float32Array(rows.length * width);
  for (const [line, record] of rows.entries()) {
    const row = { line, fields: header.map(column => fieldOf(record[column], () => fieldAt(table, line, column))) };
    if (encoder.lacks(row))
      throw DataError.of(`${NAME}, row ${line}`, 'a value in each column, as rows without one were left out', 'a gap');
    encoder.write(row, data, line * width);
  }
  return tensor2d(data, [rows.length, width]);
}

function fieldOf(value: unknown, where: () => string): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '';
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw DataError.of(where(), 'a number, a word, or null', show(value));
}
