export { type EarlyStoppingOptions, earlyStopping } from './earlyStopping.ts';
export { type ReduceOnPlateauOptions, reduced, reduceOnPlateau } from './reduceOnPlateau.ts';
export {
  generalizationLoss,
  type StopOnGeneralizationLossOptions,
  stopOnGeneralizationLoss,
} from './stopOnGeneralizationLoss.ts';
export { type StopOnIncreasesOptions, stopOnIncreases } from './stopOnIncreases.ts';
export {
  type StopOnProgressQuotientOptions,
  stopOnProgressQuotient,
  trainingProgress,
} from './stopOnProgressQuotient.ts';
export { notFinite, terminateOnNaN } from './terminateOnNaN.ts';
