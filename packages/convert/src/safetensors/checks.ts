/** Checks of shapes and counts in untrusted files. */

/** Whether a value is a count: a safe integer ≥ 0. */
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** Whether a value is a shape whose size is a safe integer. */
export const isShape = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length <= 32 && value.every(isCount) && Number.isSafeInteger(sizeOf(value));

/** The number of elements of a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
