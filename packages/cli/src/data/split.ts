import { DataError } from '@keepprob/core';
import { permutation } from '@keepprob/core/random';

export interface RowSplit {
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

/**
 * Splits rows into training rows and rows set aside, each in their original order: round(fraction × rows) are set aside, drawn by the seed; with classes,
 * round(fraction × n) of the n rows of each class, but at least one on each side. A class with a single row stays in training.
 * @param classes the class of each row, to draw the same share of each class
 * @throws DataError if one of the two would be empty
 */
export function splitRows(rows: number, fraction: number, seed: number, classes?: ArrayLike<number>): RowSplit {
  const order = permutation({ seed, step: 0, site: 0, draw: 0 }, rows);
  const left = new Map<number, number>();
  const classOf = (row: number): number => classes?.[row] ?? 0;
  for (const row of order) left.set(classOf(row), (left.get(classOf(row)) ?? 0) + 1);
  for (const [name, n] of left) {
    const aside = Math.round(fraction * n);
    left.set(name, classes ? Math.min(n - 1, Math.max(1, aside)) : aside);
  }
  const isAside = new Uint8Array(rows);
  for (const row of order) {
    const more = left.get(classOf(row)) ?? 0;
    if (more === 0) continue;
    left.set(classOf(row), more - 1);
    isAside[row] = 1;
  }
  const validation = order.filter(row => isAside[row] === 1).sort();
  if (validation.length > 0 && validation.length < rows)
    return { train: order.filter(row => isAside[row] === 0).sort(), validation };
  const received = `${validation.length} of ${rows} rows for validation`;
  throw DataError.of('data.validation', 'a share that leaves rows on both sides', received);
}
