export { averaged } from './averaged.ts';
export type { InputBatch, InputStream, Inputs } from './inputs.ts';
export * from './techniques.ts';
export { type UpdateBatchNormOptions, updateBatchNorm } from './updateBatchNorm.ts';
