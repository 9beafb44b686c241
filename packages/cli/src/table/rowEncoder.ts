/** From rows of a table to the numbers that a model takes. */
import { DataError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import { type Floats, floats } from '../data/arrays.ts';
import { fieldAt, numberIn, placesOf } from './columns.ts';
import type { Row, Table } from './csv.ts';
import { type Encoding, inputsOf } from './encoding.ts';
import { isMissing } from './fields.ts';
import { addWords } from './hash.ts';

export interface RowEncoder {
  /** The names of the numbers. */
  readonly inputs: readonly string[];
  /** How many fields of a column held a word that no training row had, by column. */
  readonly unknown: ReadonlyMap<string, number>;
  /** Whether a row lacks a value without which rows are left out. */
  lacks(row: Row): boolean;
  /** Writes the numbers of a row from a place on, where zeros stand. @throws DataError for a field that is not of the type of its column */
  write(row: Row, data: Float32Array, at: number): void;
}

type Write = (row: Row, data: Float32Array, at: number) => void;

/** @throws DataError for a column that the table does not have */
export function rowEncoder(table: Pick<Table, 'path' | 'header'>, encodings: readonly Encoding[]): RowEncoder {
  const places = placesOf(
    table,
    encodings.map(({ column }) => column),
  );
  const unknown = new Map<string, number>();
  const inputs = encodings.map(inputsOf);
  let width = 0;
  const writes = encodings.map((encoding, i): readonly [number, Write] => {
    const from = width;
    width += inputs[i]?.length ?? 0;
    return [from, writeOf(table.path, encoding, places[i] ?? 0, inputs[i]?.length ?? 0, unknown)];
  });
  const needed = places.filter((_, i) => encodings[i]?.impute === 'drop');
  return {
    inputs: inputs.flat(),
    unknown,
    lacks: ({ fields }) => needed.some(place => isMissing(fields[place] ?? '')),
    write(row, data, at) {
      for (const [from, write] of writes) write(row, data, at + from);
    },
  };
}

/** @param width of the numbers of the column, the last of which says what is missing where there is an indicator */
function writeOf(path: string, encoding: Encoding, place: number, width: number, unknown: Map<string, number>): Write {
  const { impute, fill } = encoding;
  const write = writeValue(path, encoding, place, unknown);
  if (impute === undefined || impute === 'drop')
    return (row, data, at) => write(row, row.fields[place] ?? '', data, at);
  return (row, data, at) => {
    const field = row.fields[place] ?? '';
    if (!isMissing(field)) return write(row, field, data, at);
    if (impute === 'indicator') data[at + width - 1] = 1;
    if (typeof fill === 'number') data[at] = fill;
    else if (fill !== undefined) write(row, fill, data, at);
  };
}

type WriteValue = (row: Row, field: string, data: Float32Array, at: number) => void;

function writeValue(
  path: string,
  { column, type, values = [] }: Encoding,
  place: number,
  unknown: Map<string, number>,
): WriteValue {
  if (type === 'number')
    return (row, _, data, at) => {
      data[at] = numberIn(path, row, place, column);
    };
  if (type !== 'oneHot') return (_, field, data, at) => addWords(field, type.hash, data, at);
  const places = new Map(values.map((value, i) => [value, i]));
  return ({ line }, field, data, at) => {
    const word = field.trim();
    const found = places.get(word);
    if (found !== undefined) data[at + found] = 1;
    else if (word === '') throw DataError.of(fieldAt(path, line, column), 'a word', 'an empty field');
    else unknown.set(column, (unknown.get(column) ?? 0) + 1);
  };
}

/** [rows, inputs]. @throws DataError for a field that is not of the type of its column, and for more numbers than memory holds */
export function encoded(table: Table, encodings: readonly Encoding[]): Floats & Pick<RowEncoder, 'unknown'> {
  const { inputs, unknown, write } = rowEncoder(table, encodings);
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
