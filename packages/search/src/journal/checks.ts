/** Type guards for the content of a file that may come from anywhere. */
import type { Point } from '../contract.ts';

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
export const isIndex = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
export const isPoint = (value: unknown): value is Point => isFields(value) && Object.values(value).every(isNumber);
