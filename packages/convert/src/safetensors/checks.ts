/** Shapes and counts in files of others. */

/** Whether a value is a count: a safe integer from 0 on. */
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** Whether a value is a shape whose size can be counted. */
export const isShape = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length <= 32 && value.every(isCount) && Number.isSafeInteger(sizeOf(value));

/** How many numbers a shape has. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
