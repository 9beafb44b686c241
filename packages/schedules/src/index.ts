export type { Schedule, Varying } from '@keepprob/core';
export { valueAt } from '@keepprob/core';
export * from '@keepprob/core/schedules';
export * from './techniques.ts';
