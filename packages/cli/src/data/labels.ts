import { DataError } from '@keepprob/core';
import type { DataSpec } from '../config/config.ts';
import { type Floats, floats, rowsOf, width } from './arrays.ts';

/** The names of classes; the numbers from 0 if only their number is given. */
export const classNames = (classes: NonNullable<DataSpec['classes']>): readonly string[] =>
  typeof classes === 'number' ? Array.from({ length: classes }, (_, i) => String(i)) : classes;

/**
 * y[row, label] = 1, everything else 0; shape [rows, classes].
 * @param labels [rows] or [rows, 1], integers 0 … classes − 1
 * @throws DataError for other shapes or numbers
 */
export function oneHot(what: string, labels: Floats, classes: number): Floats {
  const rows = rowsOf(labels);
  if (width(labels) !== 1)
    throw DataError.of(what, 'one label for each row, as there are `classes`', `shape [${labels.shape}]`);
  const data = floats(what, rows * classes);
  for (const [row, label] of labels.data.entries()) {
    if (!(Number.isInteger(label) && label >= 0 && label < classes))
      throw DataError.of(
        `${what}, row ${row}`,
        `a label among the integers 0 … ${classes - 1}, as there are ${classes} classes`,
        String(label),
      );
    data[row * classes + label] = 1;
  }
  return { data, shape: [rows, classes] };
}
