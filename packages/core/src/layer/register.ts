import { serialization } from '@tensorflow/tfjs-core';
import { readKerasInputs } from './kerasInputs.ts';

/**
 * Registers these layers, so that saved models with them can be loaded, and enables loading of the input layers that Keras 3 writes. You call it yourself,
 * since importing a package should have no side effects.
 * @example
 * const shiver = defineLayer({
 *   name: 'shiver',
 *   className: 'MyOtherShiver',
 *   options: {},
 *   forward: (x, _, at) => tf.add(x, normalNoise(x.shape, at.key())),
 * });
 * register(shiver);
 */
export function register(...factories: readonly { readonly layerClass: unknown }[]): void {
  readKerasInputs();
  for (const { layerClass } of factories) serialization.registerClass(layerClass as Registrable);
}

type Registrable = Parameters<typeof serialization.registerClass>[0];
