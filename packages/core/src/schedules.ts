/** Schedules of numbers. Users import them from `@keepprob/schedules`; they live here because a saved layer holds them. */
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
} from './options/schedule.ts';
