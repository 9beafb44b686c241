/**
 * Intercepts the calls of layers during one synchronous pass. A marked seam: read in tfjs-layers 4.22, where `Layer.apply` computes through `this.call`,
 * and a model through `apply` of its layers. The layers are restored on every exit.
 */
import type { Layer } from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Gets the input of one call of a layer and the layer's own call; returns the value that the call should return. */
export type Tap = (x: tf.Tensor, call: (x: tf.Tensor) => tf.Tensor) => tf.Tensor;

type Call = Layer['call'];

export function withTaps<T>(taps: ReadonlyMap<Layer, Tap>, f: () => T): T {
  const own = [...taps.keys()].map(layer => [layer, Object.getOwnPropertyDescriptor(layer, 'call')] as const);
  try {
    for (const [layer, tap] of taps) {
      const call: Call = layer.call.bind(layer);
      layer.call = (inputs, kwargs) => {
        const x = (Array.isArray(inputs) && inputs.length === 1 ? inputs[0] : inputs) as tf.Tensor;
        return tap(x, given => call(given, kwargs) as tf.Tensor);
      };
    }
    return f();
  } finally {
    for (const [layer, before] of own) {
      if (before) Object.defineProperty(layer, 'call', before);
      else delete (layer as Partial<Pick<Layer, 'call'>>).call; // reveals the method of the class again
    }
  }
}

/** The model's only output for these inputs, with all dropout and other training-only noise off. */
export const infer = (model: LayersModel, inputs: readonly tf.Tensor[]): tf.Tensor =>
  model.apply(inputs.length === 1 ? (inputs[0] as tf.Tensor) : [...inputs], { training: false }) as tf.Tensor;

/** A dense layer's pre-activation, its bias included: x W + b. */
export const preActivation = (x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor | undefined): tf.Tensor => {
  const [inputs = 1, units = 1] = kernel.shape;
  const z = tf.reshape(tf.matMul(tf.reshape(x, [-1, inputs]), kernel), [...x.shape.slice(0, -1), units]);
  return bias ? tf.add(z, bias) : z;
};
