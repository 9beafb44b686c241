export {
  byEpoch,
  byStep,
  cosine,
  exponential,
  inverseTime,
  linear,
  type Schedule,
  sequence,
  staircase,
  type Varying,
  valueAt,
} from '@keepprob/core';
export { type OneCycle, oneCycle } from './oneCycle.ts';
export { type ScheduleOptions, schedule } from './schedule.ts';
export { type Warmup, warmup } from './warmup.ts';
