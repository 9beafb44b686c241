export { type EarlyStoppingOptions, earlyStopping } from '@keepprob/stopping';
export type { ArrayData, Arrays, Shaped, StreamBatch } from './arrays.ts';
export type { Dataset, TrainingData } from './data.ts';
export { type EvaluateRowsOptions, evaluateRows, type RowEvaluation } from './evaluateRows.ts';
export { type FittedRun, fit } from './fit.ts';
export type { FitOptions } from './options.ts';
export type { FitEvent, Listener, Progress } from './progress.ts';
