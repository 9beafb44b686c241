export { type DropoutConfig, type DropoutOptions, dropout, dropoutForward } from './dropout.ts';
export { type KeepProbsOptions, keepProbs } from './keepProbs.ts';
export { register } from './register.ts';
export { setKeepProb } from './setKeepProb.ts';
