/** Every layer of this package, to be registered. Made from the catalogue by `npm run generate`. */
export { activityRegularization } from './penalties/activityRegularization.ts';
export { spectralNorm } from './wrappers/spectralNorm.ts';
export { weightNorm } from './wrappers/weightNorm.ts';
