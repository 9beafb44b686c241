import { register as registerLayers } from '@keepprob/core/layers';
import * as factories from './layerFactories.ts';
import { kerasRegularizers } from './saved/kerasRegularizers.ts';

/**
 * Makes saved models with these layers loadable, and models of Keras whose layers have the regularizers `L1`, `L2` or `OrthogonalRegularizer`; call it
 * once before `tf.loadLayersModel`.
 * @example
 * register(); // before tf.loadLayersModel
 */
export function register(): void {
  registerLayers(...Object.values(factories), ...kerasRegularizers);
}
