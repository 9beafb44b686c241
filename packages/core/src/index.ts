/**
 * For authors of training plugins. Layers are in `./layers`, random numbers in `./random`, schedules in `./schedules`, stock `fit` in `./stock`, training
 * loops in `./driver`, kernels in `./kernels`.
 */

export type {
  Batch,
  Coefficients,
  ForwardMoment,
  Gradients,
  Hooks,
  Host,
  Json,
  Logs,
  Moment,
  Pass,
  Plugins,
  RandomKey,
  Role,
  Settings,
  SetupContext,
  Snapshot,
  State,
  Step,
  StepOptions,
  StepResult,
  Tensors,
  TrainingPlugin,
  Verdict,
  Weight,
} from './contract.ts';
export { API_VERSION } from './contract.ts';
export { type DescribesWeights, isKernel, weightsOf } from './model/weights.ts';
export { DataError, OptionError, PluginError } from './options/errors.ts';
export { countOf, type EveryEpochs, type EverySteps } from './options/every.ts';
export type { Option, OptionWithFallback, RequiredOption } from './options/kind.ts';
export type { NumberRange } from './options/option.ts';
export * as option from './options/option.ts';
export {
  type AnyOptionSpecs,
  checkOptions,
  type OptionArguments,
  type OptionSpecs,
  type OptionsOf,
} from './options/options.ts';
export { isSchedule, type Schedule, type Varying, valueAt } from './options/schedule.ts';
export { chain, masked } from './plugin/chain.ts';
export { KeptTensors } from './plugin/keptTensors.ts';
export { errorOf, logName, logOf, type Mode, modeOption, signOf } from './plugin/monitor.ts';
export { definePlugin, flatten, type PluginDefinition, type PluginFactory } from './plugin/plugin.ts';
export { type WeightFilter, whereOption } from './plugin/weightFilter.ts';
export { type ElasticPenaltyOptions, elasticPenalty } from './sums/elasticPenalty.ts';
export { divisor, unitDots, unitNorms } from './sums/units.ts';
