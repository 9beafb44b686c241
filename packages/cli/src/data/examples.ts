/** Rows of x and of y, and the conversion of labels. */
import { DataError } from '@keepprob/core';
import type { DataSpec } from '../config/config.ts';
import { classNumbers, numbers } from '../table/columns.ts';
import type { Table } from '../table/csv.ts';
import { type Floats, rowsOf, sizeOf, takeRows } from './arrays.ts';
import { arrayIn } from './files.ts';
import { oneHot } from './labels.ts';

export interface Examples {
  readonly x: Floats;
  readonly y: Floats;
}

/** Reads two files of arrays. @throws DataError for files that do not fit the config */
export async function arrayExamples({ classes, shape }: DataSpec, xFile: string, yFile: string): Promise<Examples> {
  const [x, y] = await Promise.all([arrayIn(xFile), arrayIn(yFile)]);
  if (rowsOf(x) !== rowsOf(y)) throw DataError.of(yFile, `${rowsOf(x)} rows, as ${xFile} has`, String(rowsOf(y)));
  return { x: reshaped(xFile, x, shape), y: typeof classes === 'number' ? oneHot(yFile, y, classes) : y };
}

/** The rows with these numbers. */
export const takeExamples = ({ x, y }: Examples, rows: Int32Array): Examples => ({
  x: takeRows(x, rows),
  y: takeRows(y, rows),
});

/** The labels of a table, one-hot if there are classes. @throws DataError for fields that are not labels */
export function labelsOf(table: Table, names: readonly string[], classes: DataSpec['classes']): Floats {
  if (typeof classes === 'object')
    return oneHot(table.path, classNumbers(table, names[0] ?? '', classes), classes.length);
  const expected = classes === undefined ? 'a number; name the values of labels as `data.classes`' : 'a number';
  const y = numbers(table, names, expected);
  return classes === undefined ? y : oneHot(table.path, y, classes);
}

/** The class of each row of one-hot labels. */
export function classesIn(y: Floats): Int32Array {
  const [rows = 0, classes = 1] = y.shape;
  return Int32Array.from({ length: rows }, (_, row) => y.data.subarray(row * classes, (row + 1) * classes).indexOf(1));
}

/** Reshapes rows, keeping the number of values; a single number is a row, too. */
export function reshaped(what: string, { data, shape }: Floats, wanted: readonly number[] | undefined): Floats {
  const [rows = 0, ...row] = shape;
  const as = wanted ?? (row.length ? row : [1]);
  if (sizeOf(as) === sizeOf(row)) return { data, shape: [rows, ...as] };
  const expected = `rows of ${sizeOf(as)} numbers, as data.shape is [${as}]`;
  throw DataError.of(`${what}: x`, expected, `rows of shape [${row}]`);
}
