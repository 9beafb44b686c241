/**
 * Stands in for the `call` of layer classes of TF.js, which are found where loaded models find them: no import of tfjs-layers is needed. A marked seam: read in
 * tfjs-core 4.22, where a class is registered by its name as the pair of itself and its `fromConfig`.
 */
import { serialization } from '@tensorflow/tfjs-core';
import { batchNormCall, layerNormCall } from './normLayers.ts';

// biome-ignore lint/suspicious/noExplicitAny: what a layer is, its own call knows
type AnyCall = (this: any, inputs: any, kwargs: any) => any;
interface LayerClass {
  readonly prototype: { call: AnyCall };
}

const calls: Readonly<Record<string, (stock: AnyCall) => AnyCall>> = {
  BatchNormalization: batchNormCall,
  LayerNormalization: layerNormCall,
};

/** Ours, so that another copy of this package does not stand in once more. */
const mark = Symbol.for('keepprob.gradients');

const isLayerClass = (value: unknown): value is LayerClass =>
  typeof value === 'function' && typeof value.prototype?.call === 'function' && Object.hasOwn(value.prototype, 'call');

/** Puts ours in the place of every class that is there and has the stock call; each with what takes it out again. */
export function standIn(): Map<string, () => void> {
  const known = new Map<string, unknown>(Object.entries(serialization.SerializationMap.getMap().classNameMap));
  const done = new Map<string, () => void>();
  for (const [name, callOf] of Object.entries(calls)) {
    const registered = known.get(name);
    const layerClass = Array.isArray(registered) ? registered[0] : undefined;
    if (!isLayerClass(layerClass) || mark in layerClass.prototype.call) continue;
    const { prototype } = layerClass;
    const stock = prototype.call;
    const ours = Object.assign(callOf(stock), { [mark]: true });
    prototype.call = ours;
    done.set(name, () => {
      if (prototype.call === ours) prototype.call = stock;
    });
  }
  return done;
}
