/** From the files of one source to examples. */
import { DataError } from '@keepprob/core';
import type { DataSpec, SourceSpec } from '../config/config.ts';
import { type Floats, rowsOf, sizeOf } from './arrays.ts';
import { classNumbers, numbers } from './columns.ts';
import { type Table, tableOf } from './csv.ts';
import { arrayIn, textOf } from './files.ts';
import { oneHot } from './labels.ts';

export interface Examples {
  readonly x: Floats;
  readonly y: Floats;
  /** Of a table: those that x was made of. */
  readonly columns?: readonly string[];
}

/** @throws DataError for files that are not as the config says */
export const examplesIn = (spec: DataSpec, source: SourceSpec, path: (name: string) => string): Promise<Examples> =>
  'csv' in source ? fromTable(spec, path(source.csv)) : fromArrays(spec, path(source.x), path(source.y));

async function fromArrays({ classes, shape }: DataSpec, xFile: string, yFile: string): Promise<Examples> {
  const [x, y] = await Promise.all([arrayIn(xFile), arrayIn(yFile)]);
  if (rowsOf(x) !== rowsOf(y)) throw DataError.of(yFile, `${rowsOf(x)} rows, as ${xFile} has`, String(rowsOf(y)));
  return { x: reshaped(xFile, x, shape), y: typeof classes === 'number' ? oneHot(yFile, y, classes) : y };
}

async function fromTable(spec: DataSpec, file: string): Promise<Examples> {
  const table = tableOf(file, await textOf(file), spec.separator);
  const labels = [spec.label as string | readonly string[]].flat();
  const isLabel = new Set(labels);
  const columns = spec.columns ?? table.header.filter(name => !isLabel.has(name));
  const hint = spec.columns ? '' : '; name the columns to use as `data.columns`';
  const y = labelsOf(table, labels, spec.classes);
  return { x: reshaped(file, numbers(table, columns, hint), spec.shape), y, columns };
}

function labelsOf(table: Table, names: readonly string[], classes: DataSpec['classes']): Floats {
  if (typeof classes === 'object') {
    return oneHot(table.path, classNumbers(table, names[0] as string, classes), classes.length);
  }
  const hint = classes === undefined ? '; name the values of labels as `data.classes`' : '';
  const y = numbers(table, names, hint);
  return classes === undefined ? y : oneHot(table.path, y, classes);
}

/** Rows of another shape, and as many numbers; one number is a row, too. */
function reshaped(what: string, { data, shape }: Floats, wanted: readonly number[] | undefined): Floats {
  const [rows = 0, ...row] = shape;
  const as = wanted ?? (row.length ? row : [1]);
  if (sizeOf(as) === sizeOf(row)) return { data, shape: [rows, ...as] };
  const expected = `rows of ${sizeOf(as)} numbers, as data.shape is [${as}]`;
  throw DataError.of(`${what}: x`, expected, `rows of shape [${row}]`);
}
