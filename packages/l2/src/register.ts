import { register as registerLayers } from '@keepprob/core/layers';
import * as factories from './layerFactories.ts';

/** Makes saved models with these layers loadable; call it once before `tf.loadLayersModel`. */
export function register(): void {
  registerLayers(...Object.values(factories));
}
