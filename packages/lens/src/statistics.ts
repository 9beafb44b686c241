/** The statistics that the lens' verdicts rest on, for other verdicts: means of few values, with what they can be relied on. */
export { type Difference, differenceOf, type Needed, needed, unitsToTell } from './statistics/difference.ts';
export { type Measured, mean, quantile, variance, withDegrees } from './statistics/measured.ts';
export { tQuantile } from './statistics/studentT.ts';
export type { Numbers } from './statistics/vectors.ts';
