export { averaged } from './averaged.ts';
export { blend, type EmaOptions, ema, warmedUp } from './ema.ts';
export type { InputBatch, InputStream, Inputs } from './inputs.ts';
export { annealed, runningMean, type SwaOptions, swa } from './swa.ts';
export { type UpdateBatchNormOptions, updateBatchNorm } from './updateBatchNorm.ts';
