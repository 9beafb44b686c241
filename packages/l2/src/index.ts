export {
  type ActivityRegularizationConfig,
  activityL1,
  activityL2,
  activityPenalty,
  activityRegularization,
} from './activityRegularization.ts';
export { directions, type JacobianOptions, jacobian, projectedNorm } from './jacobian.ts';
export { type L2Options, l2 } from './l2.ts';
export { type L2spOptions, l2sp, squaredDistance } from './l2sp.ts';
export { type Constrained, layerConstraints } from './layerConstraints.ts';
export { type MaxNormOptions, maxNorm, projectToNorm } from './maxNorm.ts';
export { boundNorm, type MinMaxNormOptions, minMaxNorm } from './minMaxNorm.ts';
export { type NonNegativeOptions, nonNegative } from './nonNegative.ts';
export { meanCosine, type OrthogonalOptions, orthogonal, softOrthogonality } from './orthogonal.ts';
export { register } from './register.ts';
export { divideBySpectralNorm, powerIteration, type SpectralNormConfig, spectralNorm } from './spectralNorm.ts';
export { toUnitNorm, type UnitNormOptions, unitNorm } from './unitNorm.ts';
export { type WeightDecayOptions, weightDecay } from './weightDecay.ts';
export { normalizeWeight, weightNorm } from './weightNorm.ts';
