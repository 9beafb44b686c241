/** The statistics behind the lens' verdicts, for use elsewhere: means of few values, with their uncertainty. */
export { type Difference, differenceOf, type Needed, needed, unitsToTell } from './statistics/difference.ts';
export { type Measured, mean, quantile, variance, withDegrees } from './statistics/measured.ts';
export { tQuantile } from './statistics/studentT.ts';
export type { Numbers } from './statistics/vectors.ts';
