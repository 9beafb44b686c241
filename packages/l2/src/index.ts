export { type L2Options, l2 } from './l2.ts';
export { type MaxNormOptions, maxNorm, projectToNorm } from './maxNorm.ts';
export type { WeightFilter } from './target.ts';
export { type WeightDecayOptions, weightDecay } from './weightDecay.ts';
