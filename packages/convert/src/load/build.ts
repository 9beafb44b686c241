/**
 * Builds layers from a config. A marked seam: read in tfjs-layers 4.22, where `modelFromJSON` builds all layers before its first `await`, and every weight is
 * made by `Layer.addWeight`, with an initializer.
 */
import { engine } from '@tensorflow/tfjs-core';
import { initializers, type LayersModel, layers, models } from '@tensorflow/tfjs-layers';
import { ConvertError } from '../errors.ts';
import * as messages from '../messages.ts';
import { sizeOf } from '../safetensors/checks.ts';
import type { LayerConfig } from './layer.ts';

type AddWeight = (
  this: layers.Layer,
  name: string,
  shape: readonly number[],
  dtype: unknown,
  ...rest: unknown[]
) => unknown;

/**
 * Builds a model with weights of zeros, since the file has their values, and no more weights than the file can fill. After an error, everything built so far
 * is disposed.
 * @param room the number of bytes of weights in the file
 * @throws ConvertError if TensorFlow.js cannot build the model, or its layers have more weights
 */
export async function built(topology: LayerConfig, room: number): Promise<LayersModel> {
  const before = new Set(Object.keys(engine().registeredVariables));
  try {
    return await withZeros(room, () => models.modelFromJSON(JSON.parse(JSON.stringify({ modelTopology: topology }))));
  } catch (cause) {
    for (const [name, variable] of Object.entries(engine().registeredVariables))
      if (!before.has(name)) variable.dispose();
    if (cause instanceof ConvertError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConvertError('damaged', messages.notBuilt(reason.slice(0, 300)), { cause });
  }
}

function withZeros<T>(room: number, build: () => T): T {
  const prototype = layers.Layer.prototype;
  const add: AddWeight = Reflect.get(prototype, 'addWeight');
  let bytes = 0;
  const counted: AddWeight = function counted(name, shape, dtype, _, ...rest) {
    bytes += sizeOf(shape) * 4;
    if (!(bytes <= room))
      throw new ConvertError('damaged', messages.moreWeights(this.name, bytes, room), { layer: this.name });
    return add.call(this, name, shape, dtype, initializers.zeros(), ...rest);
  };
  Reflect.set(prototype, 'addWeight', counted);
  try {
    return build();
  } finally {
    Reflect.set(prototype, 'addWeight', add);
  }
}
