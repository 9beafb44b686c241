/**
 * Replaces the computations of layers and activations of TF.js. Their classes are found in the registry for loading models, so no import of tfjs-layers is
 * needed. A marked seam: read in tfjs-core 4.22, where a class is registered by its name as a pair of the class and its `fromConfig`.
 */
import { serialization } from '@tensorflow/tfjs-core';
import { activations } from './activations.ts';
import { convCall, denseCall } from './firstLayers.ts';
import { batchNormCall, layerNormCall } from './normLayers.ts';

// biome-ignore lint/suspicious/noExplicitAny: only the layer's own call knows its type
type Compute = (this: any, ...args: any[]) => any;
type Method = 'call' | 'apply' | 'compile';
type Prototype = Record<Method, Compute>;

const layers = { BatchNormalization: batchNormCall, LayerNormalization: layerNormCall, Dense: denseCall };

/** The name of a class, the method in which it computes, and a function that wraps the stock method by ours. */
export type StandIn = readonly [name: string, method: Method, of: (stock: Compute) => Compute];

/** The replacements for all backends. */
export const everywhere: readonly StandIn[] = [
  ...Object.entries(layers).map(([name, of]) => [name, 'call', of] as const),
  ['Conv2D', 'call', convCall],
  ...Object.entries(activations).map(([name, of]) => [name, 'apply', of] as const),
];

/** The mark of our gradients and methods, so that another copy of this package does not replace them. */
export const mark = Symbol.for('keepprob.gradients');
export const isMarked = (given: object | undefined): boolean => given !== undefined && mark in given;

/** Classes that compute in a method of their base class, which convolutions of every rank share. */
const extend: ReadonlySet<string> = new Set(['Conv2D']);

/** The prototype with the method in which the class computes: its own, or that of its base class. */
function prototypeOf(name: string, entry: unknown, method: Method): Prototype | undefined {
  const own = Array.isArray(entry) ? entry[0]?.prototype : undefined;
  const isInherited = own && extend.has(name) && !Object.hasOwn(own, method);
  const prototype = isInherited ? Object.getPrototypeOf(own) : own;
  return prototype && Object.hasOwn(prototype, method) && typeof prototype[method] === 'function'
    ? prototype
    : undefined;
}

const registered = (): ReadonlyMap<string, unknown> =>
  new Map<string, unknown>(Object.entries(serialization.SerializationMap.getMap().classNameMap));

/** The names of the classes that use our methods, whichever copy of this package installed them. */
export function standing(computes: readonly StandIn[]): string[] {
  const known = registered();
  return computes.flatMap(([name, method]) =>
    isMarked(prototypeOf(name, known.get(name), method)?.[method]) ? [name] : [],
  );
}

/** Replaces the method of every registered class that still uses the stock one. Returns a function for each that restores it. */
export function standIn(computes: readonly StandIn[]): Map<string, () => void> {
  const known = registered();
  const done = new Map<string, () => void>();
  for (const [name, method, of] of computes) {
    const prototype = prototypeOf(name, known.get(name), method);
    const stock = prototype?.[method];
    if (!prototype || !stock || isMarked(stock)) continue;
    const ours = Object.assign(of(stock), { [mark]: true });
    prototype[method] = ours;
    done.set(name, () => {
      if (prototype[method] === ours) prototype[method] = stock;
    });
  }
  return done;
}
