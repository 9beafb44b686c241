export {
  type AlphaDropoutConfig,
  type AlphaDropoutOptions,
  alphaAffine,
  alphaDropout,
  alphaDropoutForward,
} from './alphaDropout.ts';
export { type DropoutConfig, type DropoutOptions, dropout, dropoutForward } from './dropout.ts';
export { type KeepProbsOptions, keepProbs } from './keepProbs.ts';
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
  type DataFormat,
  type SpatialDropoutConfig,
  type SpatialDropoutOptions,
  spatialDropout1D,
  spatialDropout2D,
  spatialDropout3D,
  spatialDropoutForward,
} from './spatialDropout.ts';
