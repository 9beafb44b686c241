export { adaptiveLambda, expectationOverMasks } from './adaptiveL2.ts';
export {
  type CheckCostOptions,
  type CostCheck,
  type CostVerdict,
  checkCost,
  type DescentUnderDropout,
} from './checkCost.ts';
export { type Compared, type CompareOptions, type Comparison, compare, type Measure } from './compare.ts';
export type { LossName } from './curvature.ts';
export type { Curves, History } from './curves.ts';
export type { Descent, Rise } from './descend.ts';
export { type Diagnosis, diagnose } from './diagnose.ts';
export type { DiagnoseOptions } from './diagnoseOptions.ts';
export type { Difference, Needed } from './difference.ts';
export type { DropoutEffect, Effect } from './dropoutEffect.ts';
export { type EffectiveL2, type EffectiveL2Options, effectiveL2 } from './effectiveL2.ts';
export type { Finding } from './finding.ts';
export { type FindLearningRateOptions, findLearningRate, type LearningRate } from './findLearningRate.ts';
export { type GradientCheck, type GradientCheckOptions, gradientCheck, type WeightGradient } from './gradientCheck.ts';
export type { BiasVariance } from './judge.ts';
export type { Measured } from './measured.ts';
export type { NotFinite } from './notFinite.ts';
export type { ModelAndData, RunLike } from './observed.ts';
export type { LensEvent, LensListener, LensProgress } from './progress.ts';
export { reinitialised } from './reinitialised.ts';
export type { LayerFacts, ModelFacts } from './report/modelFacts.ts';
export type { ReportOptions } from './report/options.ts';
export { type Report, report } from './report/report.ts';
export type { ReportFindings, SectionName, Untold } from './report/sections.ts';
export type { Restless } from './restless.ts';
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
export type { Cause } from './wrongGradient.ts';
