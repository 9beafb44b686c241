export { type EarlyStoppingOptions, earlyStopping } from './earlyStopping.ts';
export { type ReduceOnPlateauOptions, reduced, reduceOnPlateau } from './reduceOnPlateau.ts';
export { notFinite, terminateOnNaN } from './terminateOnNaN.ts';
