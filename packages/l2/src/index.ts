export { type Constrained, layerConstraints } from './constraints/layerConstraints.ts';
export { type MaxNormOptions, maxNorm, projectToNorm } from './constraints/maxNorm.ts';
export { boundNorm, type MinMaxNormOptions, minMaxNorm } from './constraints/minMaxNorm.ts';
export { type NonNegativeOptions, nonNegative } from './constraints/nonNegative.ts';
export { toUnitNorm, type UnitNormOptions, unitNorm } from './constraints/unitNorm.ts';
export {
  type ActivityPenaltyOptions,
  type ActivityRegularizationOptions,
  activityL1,
  activityL2,
  activityPenalty,
  activityRegularization,
} from './penalties/activityRegularization.ts';
export { directions, type JacobianOptions, jacobian, projectedNorm } from './penalties/jacobian.ts';
export { type L2Options, l2 } from './penalties/l2.ts';
export { type L2spOptions, l2sp, squaredDistance } from './penalties/l2sp.ts';
export { meanCosine, type OrthogonalOptions, orthogonal, softOrthogonality } from './penalties/orthogonal.ts';
export { type WeightDecayOptions, weightDecay } from './penalties/weightDecay.ts';
export { register } from './register.ts';
export {
  divideBySpectralNorm,
  powerIteration,
  type SpectralNormOptions,
  spectralNorm,
} from './wrappers/spectralNorm.ts';
export { normalizeWeight, weightNorm } from './wrappers/weightNorm.ts';
