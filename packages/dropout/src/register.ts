import { register as registerLayers } from '@keepprob/core/layers';
import { dropout } from './dropout.ts';

/** Makes saved models with these layers loadable; call it once before `tf.loadLayersModel`. */
export const register = (): void => registerLayers(dropout);
