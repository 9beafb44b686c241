import { DataError } from '@keepprob/core';
import { permutation } from '@keepprob/core/random';

/**
 * Rows for training and rows set aside, each in their old order: round(fraction × rows) of them, drawn by the seed.
 * @throws DataError where one of the two would be empty
 */
export function splitRows(rows: number, fraction: number, seed: number): { train: Int32Array; validation: Int32Array } {
  const aside = Math.round(fraction * rows);
  if (aside < 1 || aside >= rows) {
    const received = `${aside} of ${rows} rows for validation`;
    throw DataError.of('data.validation', 'a share that leaves rows on both sides', received);
  }
  const order = permutation({ seed, step: 0, site: 0, draw: 0 }, rows);
  return { train: order.slice(aside).sort(), validation: order.slice(0, aside).sort() };
}
