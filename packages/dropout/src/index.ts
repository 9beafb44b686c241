export {
  type AlphaDropoutOptions,
  alphaAffine,
  alphaDropout,
  alphaDropoutForward,
} from './layers/alphaDropout.ts';
export {
  type ConcreteDropoutLayer,
  type ConcreteDropoutOptions,
  concreteDropout,
  concretePenalty,
  concreteScale,
} from './layers/concreteDropout.ts';
export {
  type DropBlockOptions,
  dropBlock2D,
  dropBlockForward,
  dropBlockGamma,
} from './layers/dropBlock.ts';
export { type DropoutOptions, dropout, dropoutForward } from './layers/dropout.ts';
export {
  type DropPathOptions,
  dropPath,
  dropPathForward,
  type LinearDepthOptions,
  linearDepth,
} from './layers/dropPath.ts';
export {
  type FeatureAlphaDropoutOptions,
  featureAlphaDropout,
} from './layers/featureAlphaDropout.ts';
export {
  type GaussianDropoutOptions,
  gaussianDropout,
  gaussianDropoutForward,
} from './layers/gaussianDropout.ts';
export { type GaussianNoiseOptions, gaussianNoise, gaussianNoiseForward } from './layers/gaussianNoise.ts';
export {
  type SpatialDropoutOptions,
  spatialDropout1D,
  spatialDropout2D,
  spatialDropout3D,
  spatialDropoutForward,
} from './layers/spatialDropout.ts';
export {
  type WordDropoutOptions,
  wordDropout,
  wordDropoutForward,
} from './layers/wordDropout.ts';
export { type KeepProbsOptions, keepProbs } from './model/keepProbs.ts';
export { noiseOff } from './model/noiseOff.ts';
export { setKeepProb } from './model/setKeepProb.ts';
export type { DataFormat } from './options/channels.ts';
export {
  curriculum,
  type EarlyDropoutOptions,
  earlyDropout,
  lateDropout,
  type PhaseOptions,
} from './options/keepProbSchedules.ts';
export {
  type CheckedRecurrentOptions,
  dropoutGRU,
  dropoutLSTM,
  dropoutSimpleRNN,
  type RecurrentDropoutLayer,
  type RecurrentFactory,
  type RecurrentOptions,
} from './recurrent/recurrentDropout.ts';
export { type RegisterOptions, register } from './saved/register.ts';
export { type RDropOptions, rDrop, symmetricDivergence } from './training/rDrop.ts';
export type { Uncertainty } from './uncertainty/gather.ts';
export {
  type PredictWithUncertaintyOptions,
  predictWithUncertainty,
  type UncertainPrediction,
} from './uncertainty/predictWithUncertainty.ts';
export { type ModelPrecisionOptions, modelPrecision } from './uncertainty/uncertainty.ts';
export { type DropConnectOptions, dropConnect, dropWeights } from './wrappers/dropConnect.ts';
export { type EmbeddingDropoutOptions, embeddingDropout } from './wrappers/embeddingDropout.ts';
