/** Every technique, with its functions and types. Made from the catalogue by `npm run generate`. */
export * from './constraints/layerConstraints.ts';
export * from './constraints/maxNorm.ts';
export * from './constraints/minMaxNorm.ts';
export * from './constraints/nonNegative.ts';
export * from './constraints/unitNorm.ts';
export * from './penalties/activityRegularization.ts';
export * from './penalties/jacobian.ts';
export * from './penalties/l2.ts';
export * from './penalties/l2sp.ts';
export * from './penalties/orthogonal.ts';
export * from './penalties/weightDecay.ts';
export * from './wrappers/spectralNorm.ts';
export * from './wrappers/weightNorm.ts';
