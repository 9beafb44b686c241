export {
  type CheckCostOptions,
  type CostCheck,
  type CostVerdict,
  checkCost,
  type DescentUnderDropout,
} from './cost/checkCost.ts';
export type { Descent, Rise } from './cost/descend.ts';
export type { NotFinite } from './cost/notFinite.ts';
export type { Restless } from './cost/restless.ts';
export type { Curves, History } from './diagnose/curves.ts';
export { type Diagnosis, diagnose } from './diagnose/diagnose.ts';
export type { DiagnoseOptions } from './diagnose/diagnoseOptions.ts';
export type { DropoutEffect, Effect } from './diagnose/dropoutEffect.ts';
export type { BiasVariance } from './diagnose/judge.ts';
export type { ModelAndData, RunLike } from './diagnose/observed.ts';
export { reinitialised } from './diagnose/reinitialised.ts';
export { adaptiveLambda, expectationOverMasks } from './effectiveL2/adaptiveL2.ts';
export type { LossName } from './effectiveL2/curvature.ts';
export { type EffectiveL2, type EffectiveL2Options, effectiveL2 } from './effectiveL2/effectiveL2.ts';
export type { Estimate } from './effectiveL2/sampledPenalty.ts';
export type { SiteL2, Theory } from './effectiveL2/siteL2.ts';
export type { Finding } from './finding/finding.ts';
export type { LensEvent, LensListener, LensProgress } from './finding/progress.ts';
export {
  type GradientCheck,
  type GradientCheckOptions,
  gradientCheck,
  type WeightGradient,
} from './gradients/gradientCheck.ts';
export type { Cause } from './gradients/wrongGradient.ts';
export { type FindLearningRateOptions, findLearningRate, type LearningRate } from './learningRate/findLearningRate.ts';
export { type ShowMaskOptions, type ShownDropout, type ShownMask, showMask } from './mask/showMask.ts';
export type { Data, Values } from './model/rows.ts';
export type { LayerFacts, ModelFacts } from './report/modelFacts.ts';
export type { ReportOptions } from './report/options.ts';
export { type Report, report } from './report/report.ts';
export type { ReportFindings, SectionName, Untold } from './report/sections.ts';
export type { Difference, Needed } from './statistics/difference.ts';
export type { Measured } from './statistics/measured.ts';
export {
  type SuggestedKeepProbs,
  type Suggestion,
  type SuggestOptions,
  suggestKeepProbs,
  type Technique,
} from './suggest/suggestKeepProbs.ts';
export { type Compared, type CompareOptions, type Comparison, compare, type Measure } from './weights/compare.ts';
export { type MatrixSpread, type WeightSpread, weightSpread } from './weights/weightSpread.ts';
