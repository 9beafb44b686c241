/**
 * Stands in for what layers and activations of TF.js compute. Their classes are found where loaded models find them: no import of tfjs-layers is needed. A marked seam:
 * read in tfjs-core 4.22, where a class is registered by its name as the pair of itself and its `fromConfig`.
 */
import { serialization } from '@tensorflow/tfjs-core';
import { activations } from './activations.ts';
import { convCall, denseCall } from './firstLayers.ts';
import { batchNormCall, layerNormCall } from './normLayers.ts';

// biome-ignore lint/suspicious/noExplicitAny: what a layer is, its own call knows
type Compute = (this: any, ...args: any[]) => any;
type Method = 'call' | 'apply' | 'compile';
type Prototype = Record<Method, Compute>;

const layers = { BatchNormalization: batchNormCall, LayerNormalization: layerNormCall, Dense: denseCall };

/** By class name: the method in which it computes, and ours in front of the stock one. */
export type StandIn = readonly [name: string, method: Method, of: (stock: Compute) => Compute];

/** Those of all backends. */
export const everywhere: readonly StandIn[] = [
  ...Object.entries(layers).map(([name, of]) => [name, 'call', of] as const),
  ['Conv2D', 'call', convCall],
  ...Object.entries(activations).map(([name, of]) => [name, 'apply', of] as const),
];

/** Ours, gradients and methods, so that another copy of this package does not put its own before them. */
export const mark = Symbol.for('keepprob.gradients');
export const isMarked = (given: object | undefined): boolean => given !== undefined && mark in given;

/** Classes that compute in a method of the class they extend, which convolutions of every rank share. */
const extend: ReadonlySet<string> = new Set(['Conv2D']);

/** The prototype that has the method in which the class computes: its own, or that of the class it extends. */
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

/** The names of those that compute by ours, whichever copy of this package has put it in. */
export function standing(computes: readonly StandIn[]): string[] {
  const known = registered();
  return computes.flatMap(([name, method]) =>
    isMarked(prototypeOf(name, known.get(name), method)?.[method]) ? [name] : [],
  );
}

/** Puts ours in the place of every class that is there and computes as stock does; each with what takes it out again. */
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
