import { register as registerLayers } from '@keepprob/core/layers';
import { activityRegularization } from './penalties/activityRegularization.ts';
import { spectralNorm } from './wrappers/spectralNorm.ts';
import { weightNorm } from './wrappers/weightNorm.ts';

/** Makes saved models with these layers loadable; call it once before `tf.loadLayersModel`. */
export function register(): void {
  registerLayers(activityRegularization, spectralNorm, weightNorm);
}
