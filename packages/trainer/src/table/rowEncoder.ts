/** Turns rows of a table into the numbers that a model takes. */
import { DataError } from '@keepprob/core';
import { type Encoding, inputsOf } from './encoding.ts';
import { type Columns, fieldAt, isMissing, numberIn, placesOf, type Row } from './fields.ts';
import { addWords } from './hash.ts';

/** Writes rows of a table as numbers. */
export interface RowEncoder {
  /** The names of the numbers. */
  readonly inputs: readonly string[];
  /** How many fields held a word that no training row had, by column. */
  readonly unknown: ReadonlyMap<string, number>;
  /** Whether a row lacks a value in a column with `drop`, so that it is left out. */
  lacks(row: Row): boolean;
  /** Writes the numbers of a row, starting at a position; the numbers there must be 0. @throws DataError for a field that does not have the type of its column */
  write(row: Row, data: Float32Array, at: number): void;
}

/** What an error says was expected instead of a field that is not a number. */
export type ExpectedNumber = (field: string, column: string) => string;

type Write = (row: Row, data: Float32Array, at: number) => void;

/**
 * Makes an encoder that turns rows of a table into numbers, column by column.
 * @param expected what an error says was expected instead of a field that is not a number; 'a number' by default
 * @example
 * const encoder = rowEncoder({ path: 'pets.csv', header: ['kind', 'age'] }, [
 *   { column: 'age', type: 'number' },
 *   { column: 'kind', type: 'oneHot', values: ['cat', 'dog'] },
 * ]);
 * const numbers = new Float32Array(3);
 * encoder.write({ line: 2, fields: ['dog', '7'] }, numbers, 0); // 7, 0, 1
 * @throws DataError for a column that the table does not have
 */
export function rowEncoder(
  table: Columns,
  encodings: readonly Encoding[],
  expected: ExpectedNumber = () => 'a number',
): RowEncoder {
  const places = placesOf(
    table,
    encodings.map(({ column }) => column),
  );
  const unknown = new Map<string, number>();
  const inputs = encodings.map(inputsOf);
  let width = 0;
  const writes = encodings.map((encoding, i): readonly [number, Write] => {
    const from = width;
    const own = inputs[i]?.length ?? 0;
    width += own;
    const place = places[i] ?? 0;
    return [from, writeOf(encoding, place, own, writeValue({ table, encoding, place, unknown, expected }))];
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

/** @param width how many numbers the column has; with an indicator, the last one marks a missing value */
function writeOf({ impute, fill }: Encoding, place: number, width: number, write: WriteValue): Write {
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

interface Column {
  readonly table: Columns;
  readonly encoding: Encoding;
  readonly place: number;
  readonly unknown: Map<string, number>;
  readonly expected: ExpectedNumber;
}

function writeValue({ table, encoding, place, unknown, expected }: Column): WriteValue {
  const { column, type, values = [] } = encoding;
  if (type === 'number')
    return (row, _, data, at) => {
      data[at] = numberIn(table, row, place, expected);
    };
  if (type !== 'oneHot') return (_, field, data, at) => addWords(field, type.hash, data, at);
  const places = new Map(values.map((value, i) => [value, i]));
  return ({ line }, field, data, at) => {
    const word = field.trim();
    const found = places.get(word);
    if (found !== undefined) data[at + found] = 1;
    else if (word === '') throw DataError.of(fieldAt(table, line, column), 'a word', 'an empty field');
    else unknown.set(column, (unknown.get(column) ?? 0) + 1);
  };
}
