export { adaptiveLambda, expectationOverMasks } from './adaptiveL2.ts';
export { type Compared, type CompareOptions, type Comparison, compare, type Measure } from './compare.ts';
export type { LossName } from './curvature.ts';
export { type EffectiveL2, type EffectiveL2Options, effectiveL2 } from './effectiveL2.ts';
export type { Finding } from './finding.ts';
export type { Data, Values } from './rows.ts';
export type { Estimate } from './sampledPenalty.ts';
export { type ShowMaskOptions, type ShownDropout, type ShownMask, showMask } from './showMask.ts';
export type { SiteL2, Theory } from './siteL2.ts';
export {
  type SuggestedKeepProbs,
  type Suggestion,
  type SuggestOptions,
  suggestKeepProbs,
  type Technique,
} from './suggestKeepProbs.ts';
export { type MatrixSpread, type WeightSpread, weightSpread } from './weightSpread.ts';
