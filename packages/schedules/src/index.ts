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
export { type OneCycleOptions, oneCycle } from './oneCycle.ts';
export { type ScheduleOptions, schedule } from './schedule.ts';
export { type WarmupOptions, warmup } from './warmup.ts';
