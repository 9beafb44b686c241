import { serialization } from '@tensorflow/tfjs-core';
import { readKerasInputs } from './kerasInputs.ts';

/**
 * Makes models with these layers loadable, and input layers as Keras 3 writes them. Explicit, since importing a package should change nothing.
 */
export function register(...factories: readonly { readonly layerClass: unknown }[]): void {
  readKerasInputs();
  for (const { layerClass } of factories) serialization.registerClass(layerClass as Registrable);
}

type Registrable = Parameters<typeof serialization.registerClass>[0];
