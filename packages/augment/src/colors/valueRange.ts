import { option } from '@keepprob/core';

/** Black and white: [0, 1], [0, 255], [−1, 1], … */
export type ValueRange = readonly [black: number, white: number];

export const valueRangeOption = option.custom<ValueRange>(
  '[black, white], two numbers, black < white',
  v => Array.isArray(v) && v.length === 2 && v.every(Number.isFinite) && v[0] < v[1],
  { fallback: [0, 1] },
);
