export {
  type AlphaDropoutConfig,
  type AlphaDropoutOptions,
  alphaAffine,
  alphaDropout,
  alphaDropoutForward,
} from './alphaDropout.ts';
export type { DataFormat } from './channels.ts';
export {
  type ConcreteDropoutConfig,
  type ConcreteDropoutLayer,
  concreteDropout,
  concretePenalty,
  concreteScale,
} from './concreteDropout.ts';
export {
  type DropBlockConfig,
  type DropBlockOptions,
  dropBlock2D,
  dropBlockForward,
  dropBlockGamma,
} from './dropBlock.ts';
export { type DropConnectConfig, type DropConnectOptions, dropConnect, dropWeights } from './dropConnect.ts';
export { type DropoutConfig, type DropoutOptions, dropout, dropoutForward } from './dropout.ts';
export {
  type DropPathConfig,
  type DropPathOptions,
  dropPath,
  dropPathForward,
  type LinearDepthOptions,
  linearDepth,
} from './dropPath.ts';
export { type EmbeddingDropoutOptions, embeddingDropout } from './embeddingDropout.ts';
export {
  type FeatureAlphaDropoutConfig,
  type FeatureAlphaDropoutOptions,
  featureAlphaDropout,
} from './featureAlphaDropout.ts';
export type { Uncertainty } from './gather.ts';
export {
  type GaussianDropoutConfig,
  type GaussianDropoutOptions,
  gaussianDropout,
  gaussianDropoutForward,
} from './gaussianDropout.ts';
export { type GaussianNoiseConfig, gaussianNoise, gaussianNoiseForward } from './gaussianNoise.ts';
export {
  curriculum,
  type EarlyDropoutOptions,
  earlyDropout,
  lateDropout,
  type PhaseOptions,
} from './keepProbSchedules.ts';
export { type KeepProbsOptions, keepProbs } from './keepProbs.ts';
export { noiseOff } from './noiseOff.ts';
export {
  type PredictionOptions,
  predictWithUncertainty,
  type UncertainPrediction,
} from './predictWithUncertainty.ts';
export { type RDropOptions, rDrop, symmetricDivergence } from './rDrop.ts';
export {
  dropoutGRU,
  dropoutLSTM,
  dropoutSimpleRNN,
  type RecurrentDropoutConfig,
  type RecurrentDropoutLayer,
  type RecurrentFactory,
  type RecurrentOptions,
} from './recurrentDropout.ts';
export { type RegisterOptions, register } from './register.ts';
export { setKeepProb } from './setKeepProb.ts';
export {
  type SpatialDropoutConfig,
  type SpatialDropoutOptions,
  spatialDropout1D,
  spatialDropout2D,
  spatialDropout3D,
  spatialDropoutForward,
} from './spatialDropout.ts';
export { type ModelPrecisionOptions, modelPrecision } from './uncertainty.ts';
export { type WordDropoutConfig, type WordDropoutOptions, wordDropout, wordDropoutForward } from './wordDropout.ts';
