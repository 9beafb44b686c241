/** Arrays as floats in row-major order, rows first. */
export interface Floats {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Numbers in a row. */
export const width = ({ shape }: Floats): number => sizeOf(shape.slice(1));

export const rowsOf = ({ shape }: Floats): number => shape[0] as number;

/** The rows with these numbers, in this order. */
export function takeRows(array: Floats, rows: Int32Array): Floats {
  const n = width(array);
  const data = new Float32Array(rows.length * n);
  for (const [i, row] of rows.entries()) data.set(array.data.subarray(row * n, (row + 1) * n), i * n);
  return { data, shape: [rows.length, ...array.shape.slice(1)] };
}
