/** x ↦ (x − offset) / divisor, by column; a single number applies to all columns. */
export interface Scaling {
  /** Subtracted from each column. */
  readonly offset: readonly number[];
  /** Divides each column; none is 0. */
  readonly divisor: readonly number[];
}

interface Numbers {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/**
 * (x − offset) / divisor, by column.
 * @example
 * scaled({ data: Float32Array.of(5, 7), shape: [1, 2] }, { offset: [1, 1], divisor: [2, 3] }).data; // 2, 2
 */
export function scaled({ data, shape }: Numbers, { offset, divisor }: Scaling): Numbers {
  const n = offset.length;
  return { data: data.map((value, i) => (value - (offset[i % n] ?? 0)) / (divisor[i % n] ?? 1)), shape };
}

/**
 * x × divisor + offset, by column: undoes `scaled`.
 * @example
 * unscaled({ data: Float32Array.of(2, 2), shape: [1, 2] }, { offset: [1, 1], divisor: [2, 3] }).data; // 5, 7
 */
export function unscaled({ data, shape }: Numbers, { offset, divisor }: Scaling): Numbers {
  const n = offset.length;
  return { data: data.map((value, i) => value * (divisor[i % n] ?? 1) + (offset[i % n] ?? 0)), shape };
}
