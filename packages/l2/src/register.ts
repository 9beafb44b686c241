import { register as registerLayers } from '@keepprob/core/layers';
import { activityRegularization } from './activityRegularization.ts';
import { spectralNorm } from './spectralNorm.ts';
import { weightNorm } from './weightNorm.ts';

/** Makes saved models with these layers loadable; call it once before `tf.loadLayersModel`. */
export function register(): void {
  registerLayers(activityRegularization, spectralNorm, weightNorm);
}
