export type { Schedule, Varying } from '@keepprob/core';
export { valueAt } from '@keepprob/core';
export {
  byEpoch,
  byStep,
  cosine,
  type ExponentialOptions,
  exponential,
  type InverseTimeOptions,
  inverseTime,
  linear,
  type RampOptions,
  type StaircaseOptions,
  sequence,
  staircase,
} from '@keepprob/core/schedules';
export * from './techniques.ts';
