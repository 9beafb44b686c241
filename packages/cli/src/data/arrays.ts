/** Arrays as floats in row-major order, rows first. */
import { DataError } from '@keepprob/core';

export interface Floats {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** The most numbers that one array may hold: 2 GiB of floats. A few bytes of a file can request any number of them. */
const MOST = 2 ** 29;

/** An array of zeros. @throws DataError for more of them than an array may hold */
export function floats(what: string, count: number): Float32Array {
  if (count <= MOST) return new Float32Array(count);
  throw DataError.of(what, `at most ${MOST} numbers in one array`, String(count));
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** How many numbers a row has. */
export const width = ({ shape }: Floats): number => sizeOf(shape.slice(1));

export const rowsOf = ({ shape: [rows = 1] }: Floats): number => rows;

/** How a number is stored in a file. */
export interface NumberType {
  /** In bytes. */
  readonly size: number;
  readonly read: (view: DataView, at: number) => number;
}

/** The numbers of a file from `begin` to its end. @throws DataError unless their number fits the shape */
export function numbersAt(
  path: string,
  view: DataView,
  begin: number,
  shape: readonly number[],
  { size, read }: NumberType,
): Floats {
  const count = sizeOf(shape);
  const found = Math.max(0, view.byteLength - begin);
  if (found !== count * size)
    throw DataError.of(path, `${count * size} bytes of numbers for shape [${shape}]`, String(found));
  const data = floats(path, count);
  for (let i = 0; i < count; i++) data[i] = read(view, begin + i * size);
  return { data, shape };
}

/** The rows with these numbers, in this order. */
export function takeRows(array: Floats, rows: Int32Array): Floats {
  const n = width(array);
  const data = new Float32Array(rows.length * n);
  for (const [i, row] of rows.entries()) data.set(array.data.subarray(row * n, (row + 1) * n), i * n);
  return { data, shape: [rows.length, ...array.shape.slice(1)] };
}
