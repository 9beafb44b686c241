export { type Against, type AgainstOptions, against, type IntervalOptions, reported } from './choice/against.ts';
export { type ConcludeOptions, type Conclusion, conclude } from './choice/conclude.ts';
export { type FoldAndSeed, type FreshPairs, freshPairs } from './choice/confirm.ts';
export { best, type OneStandardErrorOptions, oneStandardError, type Preference } from './choice/oneStandardError.ts';
export { strength } from './choice/strength.ts';
export type * from './contract.ts';
export type { GivenTensors, TensorData } from './data/table.ts';
export { inProcess } from './engines/inProcess.ts';
export { SearchError, type SearchProblem, TrialError } from './errors.ts';
export { type Importance, type ImportanceOptions, importance } from './importance/importance.ts';
export { type AshaOptions, asha } from './pruners/asha.ts';
export { none } from './pruners/none.ts';
export { type PairedOptions, paired } from './pruners/paired.ts';
export { type Report, type ReportOptions, report } from './report/report.ts';
export type { Reported, ReportedTrial } from './report/reported.ts';
export { type GridOptions, grid } from './samplers/grid.ts';
export { random } from './samplers/random.ts';
export { randomOf } from './samplers/randomOf.ts';
export { type SobolOptions, sobol } from './samplers/sobol.ts';
export { type TpeOptions, tpe } from './samplers/tpe.ts';
export type { Chosen } from './space/chosen.ts';
export { type KeepProbSpaceOptions, type KeepProbSpaces, keepProbSpace } from './space/keepProbSpace.ts';
export { choice, float, int, keepProb } from './space/makers.ts';
export { off } from './space/off.ts';
export { readSpace, type SearchSpace } from './space/readSpace.ts';
export type { ChoiceSpace, FloatSpace, IntSpace, KeepProbSpace, OrderedOptions, Space } from './space/spaces.ts';
export { type HoldOutOptions, holdOut } from './splits/holdOut.ts';
export { type KFoldOptions, kFold } from './splits/kFold.ts';
export { type Nested, type NestedOptions, type NestedSplit, nested } from './splits/nested.ts';
export type { Affine, Scaling } from './splits/scaling.ts';
export { type Fold, rescaled, rowsIn, type ScaledFold, type Sides, scaled, takeFold } from './splits/takeFold.ts';
export { type TimeSeriesOptions, timeSeries } from './splits/timeSeries.ts';
export { corrected, foldsToTell, testShare } from './statistics/corrected.ts';
export { type SignedRank, type WilcoxonOptions, wilcoxon } from './statistics/wilcoxon.ts';
export type {
  AgainstOff,
  ChosenTrial,
  Found,
  FoundTrial,
  NestedEstimate,
  NestedFold,
  Searched,
} from './study/found/found.ts';
export type { ConfirmOptions, SearchOptions } from './study/options.ts';
export type { BestSoFar, SearchEvent, SearchListener, SearchProgress } from './study/progress.ts';
export { search } from './study/search.ts';
