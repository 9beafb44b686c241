import { serialization } from '@tensorflow/tfjs-core';

/** Makes models with these layers loadable. Explicit, since importing a package should change nothing. */
export function register(...factories: readonly { readonly layerClass: unknown }[]): void {
  for (const { layerClass } of factories) serialization.registerClass(layerClass as never);
}
