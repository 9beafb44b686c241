export {
  type AlphaDropoutConfig,
  type AlphaDropoutOptions,
  alphaAffine,
  alphaDropout,
  alphaDropoutForward,
} from './layers/alphaDropout.ts';
export {
  type ConcreteDropoutConfig,
  type ConcreteDropoutLayer,
  concreteDropout,
  concretePenalty,
  concreteScale,
} from './layers/concreteDropout.ts';
export {
  type DropBlockConfig,
  type DropBlockOptions,
  dropBlock2D,
  dropBlockForward,
  dropBlockGamma,
} from './layers/dropBlock.ts';
export { type DropoutConfig, type DropoutOptions, dropout, dropoutForward } from './layers/dropout.ts';
export {
  type DropPathConfig,
  type DropPathOptions,
  dropPath,
  dropPathForward,
  type LinearDepthOptions,
  linearDepth,
} from './layers/dropPath.ts';
export {
  type FeatureAlphaDropoutConfig,
  type FeatureAlphaDropoutOptions,
  featureAlphaDropout,
} from './layers/featureAlphaDropout.ts';
export {
  type GaussianDropoutConfig,
  type GaussianDropoutOptions,
  gaussianDropout,
  gaussianDropoutForward,
} from './layers/gaussianDropout.ts';
export { type GaussianNoiseConfig, gaussianNoise, gaussianNoiseForward } from './layers/gaussianNoise.ts';
export {
  type SpatialDropoutConfig,
  type SpatialDropoutOptions,
  spatialDropout1D,
  spatialDropout2D,
  spatialDropout3D,
  spatialDropoutForward,
} from './layers/spatialDropout.ts';
export {
  type WordDropoutConfig,
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
  dropoutGRU,
  dropoutLSTM,
  dropoutSimpleRNN,
  type RecurrentDropoutConfig,
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
export { type DropConnectConfig, type DropConnectOptions, dropConnect, dropWeights } from './wrappers/dropConnect.ts';
export { type EmbeddingDropoutOptions, embeddingDropout } from './wrappers/embeddingDropout.ts';
