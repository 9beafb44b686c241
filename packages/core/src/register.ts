import { serialization } from '@tensorflow/tfjs-core';
import type { LayerFactory } from './defineLayer.ts';

/** Makes models with these layers loadable. Explicit, since importing a package should change nothing. */
export function register(...factories: readonly Pick<LayerFactory<never>, 'layerClass'>[]): void {
  for (const { layerClass } of factories) serialization.registerClass(layerClass as never);
}
