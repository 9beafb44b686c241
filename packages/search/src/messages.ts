/** Messages of this package. Each says what was expected, what came, and what to do. */
import { show } from '@keepprob/core/driver';

export const noSuchFold = (fold: number, folds: number): string =>
  `there is no fold ${fold}; there are ${folds}, from 0 on`;
export const notFinite = (metric: string, value: number): string =>
  `${metric} is ${value}: training diverged, or the trial gave no number. A smaller learning rate may help.`;
export const noTraining = (made: unknown): string =>
  `a trial returns { model, options } for \`fit\`, or the metric as a number; this one returned ${show(made)}.`;
