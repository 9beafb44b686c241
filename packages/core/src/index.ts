export { type Attachment, type AttachOptions, attach } from './attach.ts';
export { chain, masked } from './chain.ts';
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
export { counterDropout, type Draw } from './counterDropout.ts';
export { DataError, OptionError, PluginError } from './errors.ts';
export { KeptTensors } from './keptTensors.ts';
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
export { firstElement, keepBits, keepScale, MASK_FORMAT, mask, type Rows } from './mask.ts';
export { messages } from './messages.ts';
export { logisticNoise, type NoiseOptions, normalNoise } from './noise.ts';
export { checkOptions, type NumberRange, type Option, type OptionSpecs, option } from './options.ts';
export { philox4x32 } from './philox.ts';
export { definePlugin, flatten, type PluginDefinition } from './plugin.ts';
export { normals, permutation, uniforms } from './random.ts';
export { addStep, cuts, sliceBatch } from './rows.ts';
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
} from './schedule.ts';
export { withKey } from './site.ts';
export { mapStep, stepTensors, tidyStep } from './stepResult.ts';
export { type WeightFilter, whereOption } from './weightFilter.ts';
export { type DescribesWeights, isKernel, weightsOf } from './weights.ts';
