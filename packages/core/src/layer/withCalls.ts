/**
 * Temporarily replaces the `call` of some layers. A marked seam: read in tfjs-layers 4.22, where `Layer.apply`, wrappers and recurrent layers call a layer
 * through its property `call`.
 */
import type { Layer } from '../model/layerTree.ts';

export type Call = Layer['call'];

/**
 * Runs `f` with the `call` of each of these layers replaced by the result of its function. The original calls are restored afterwards, even after an error.
 * @example
 * const [hidden] = model.layers;
 * const doubled = call => (inputs, kwargs) => tf.mul(call(inputs, kwargs), 2);
 * const y2 = withCalls(new Map([[hidden, doubled]]), () => model.predict(x));
 */
export function withCalls<T>(calls: ReadonlyMap<Layer, (call: Call) => Call>, f: () => T): T {
  const before = [...calls.keys()].map(layer => [layer, Object.getOwnPropertyDescriptor(layer, 'call')] as const);
  try {
    for (const [layer, changed] of calls) {
      const value = changed(layer.call.bind(layer));
      Object.defineProperty(layer, 'call', { value, configurable: true, writable: true });
    }
    return f();
  } finally {
    for (const [layer, own] of before) {
      if (own) Object.defineProperty(layer, 'call', own);
      else Reflect.deleteProperty(layer, 'call'); // the method of the class is visible again
    }
  }
}
