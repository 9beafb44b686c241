export { type KeepProbsOptions, keepProbs } from './model/keepProbs.ts';
export { noiseOff } from './model/noiseOff.ts';
export { setKeepProb } from './model/setKeepProb.ts';
export type { DataFormat } from './options/channels.ts';
export { type RegisterOptions, register } from './saved/register.ts';
export * from './techniques.ts';
export type { Uncertainty } from './uncertainty/gather.ts';
export {
  type PredictWithUncertaintyOptions,
  predictWithUncertainty,
  type UncertainPrediction,
} from './uncertainty/predictWithUncertainty.ts';
export { type ModelPrecisionOptions, modelPrecision } from './uncertainty/uncertainty.ts';
