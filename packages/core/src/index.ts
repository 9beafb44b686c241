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
  StepResult,
  Tensors,
  TrainingPlugin,
  Verdict,
  Weight,
} from './contract.ts';
export {
  ADAM_KERNEL,
  DROPOUT_KERNEL,
  type DropoutKernelAttrs,
  L2_KERNEL,
  MOMENTUM_KERNEL,
  NOISE_KERNEL,
  type NoiseKernelAttrs,
  PROJECT_KERNEL,
  READ_KERNEL,
  runExtraKernel,
  SGD_KERNEL,
} from './kernels.ts';
export { type DescribesWeights, isKernel, weightsOf } from './model/weights.ts';
export { DataError, OptionError, PluginError } from './options/errors.ts';
export { messages } from './options/messages.ts';
export { checkOptions, type NumberRange, type Option, type OptionSpecs, option } from './options/options.ts';
export {
  byEpoch,
  byStep,
  cosine,
  type Decay,
  exponential,
  type InverseTime,
  inverseTime,
  isSchedule,
  linear,
  type Ramp,
  type Schedule,
  type Staircase,
  sequence,
  staircase,
  type Varying,
  valueAt,
} from './options/schedule.ts';
export { chain, masked } from './plugin/chain.ts';
export { KeptTensors } from './plugin/keptTensors.ts';
export { definePlugin, flatten, type PluginDefinition } from './plugin/plugin.ts';
export { mapStep, stepTensors, tidyStep } from './plugin/stepResult.ts';
export { type WeightFilter, whereOption } from './plugin/weightFilter.ts';
export { counterDropout, type Draw } from './random/counterDropout.ts';
export { firstElement, keepBits, keepScale, MASK_FORMAT, mask, type Rows } from './random/mask.ts';
export { logisticNoise, type NoiseOptions, normalNoise } from './random/noise.ts';
export { philox4x32 } from './random/philox.ts';
export { normals, permutation, uniforms } from './random/random.ts';
export { withKey } from './random/site.ts';
export { addStep, cuts, sliceBatch } from './run/rows.ts';
export { type Attachment, type AttachOptions, attach } from './stock/attach.ts';
