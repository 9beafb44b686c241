/**
 * Finds which time steps of a prediction count, if a mask (`maskZero` of an embedding, a Masking layer) reaches an output. A marked seam, checked against
 * tfjs-layers 4.22, where a model calls `apply` of each layer and then its `computeMask`, passes the mask on to the next layers, and disposes it in the end.
 */
import { isModel } from '@keepprob/core/driver';
import type { Layer } from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';

const masks = new WeakMap<tf.Tensor, tf.Tensor>();

/** The mask of a prediction made in `withMasks`: bool, with the first axes of the prediction, such as [rows] or [rows, steps]. */
export const maskOf = (prediction: tf.Tensor): tf.Tensor | undefined => masks.get(prediction);

/** The places in a model that masks may reach. */
interface Reach {
  /** The layers of outputs that a mask may reach: none in a model without layers that make masks. */
  readonly maskable: readonly Layer[];
  /** Nested models that return time steps whose mask TF.js does not pass on. */
  readonly ends: readonly Layer[];
}

export function reachOfMasks({ outputs }: LayersModel): Reach {
  const known = new Map<SymbolicTensor, boolean>();
  const ends = new Set<Layer>();
  const isMaskable = (tensor: SymbolicTensor): boolean => {
    const before = known.get(tensor);
    if (before !== undefined) return before;
    const { sourceLayer: layer, inputs, rank } = tensor;
    const isGiven = inputs.map(isMaskable).includes(true);
    if (isModel(layer) && rank > 2 && (isGiven || reachOfMasks(layer).maskable.length)) ends.add(layer);
    const maskable = Boolean(layer.supportsMasking) && (isGiven || makesMasks(layer));
    known.set(tensor, maskable);
    return maskable;
  };
  const maskable = outputs.filter(isMaskable).map(({ sourceLayer }) => sourceLayer);
  return { maskable: [...new Set(maskable)], ends: [...ends] };
}

/** Whether a layer may make masks: layers that only pass masks on have the method of `Layer`. */
const makesMasks = (layer: Layer): boolean => layer.computeMask !== layers.Layer.prototype.computeMask;

/** Runs a forward pass and records the masks of its predictions, which belong to the tidy around it. */
export function withMasks(maskable: readonly Layer[], forward: () => tf.Tensor[]): tf.Tensor[] {
  if (maskable.length === 0) return forward();
  const kept = new Map<tf.Tensor, tf.Tensor>();
  try {
    const predictions = maskable.reduce((inner, layer) => () => watching(layer, kept, inner), forward)();
    for (const prediction of predictions) {
      const mask = kept.get(prediction);
      if (mask) masks.set(prediction, tf.clone(mask));
    }
    return predictions;
  } finally {
    tf.dispose([...kept.values()]);
  }
}

/**
 * The mask as a constant: a mask that a Masking layer derives from computed values depends on weights, and comparisons have no gradients. What a custom gradient
 * computes is not on the tape.
 */
const constant = (mask: tf.Tensor): tf.Tensor =>
  tf.tidy(() =>
    tf.customGrad(() => ({ value: tf.cast(mask, 'bool'), gradFunc: () => [] as tf.Tensor[] }))(tf.scalar(0)),
  );

const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

/** Records the masks of the layer's outputs while `f` runs. The layer is restored on every exit. */
function watching<T>(layer: Layer, kept: Map<tf.Tensor, tf.Tensor>, f: () => T): T {
  const { apply, computeMask } = layer;
  let computed: unknown[] = [];
  const watched: Pick<Layer, 'apply' | 'computeMask'> = {
    apply(...args) {
      // `apply` also calls `computeMask`, without the mask of the input: that result is ignored
      computed = [];
      const result = apply.apply(layer, args);
      computed = list<unknown>(result);
      return result;
    },
    computeMask(...args) {
      const result = computeMask.apply(layer, args);
      const all = list<unknown>(result);
      for (const [i, output] of computed.entries()) {
        // one mask for each output, or the first one for a layer that passes on the masks of its inputs
        const mask = all[all.length === computed.length ? i : 0];
        if (!(output instanceof tf.Tensor && mask instanceof tf.Tensor)) continue;
        kept.get(output)?.dispose();
        kept.set(output, tf.keep(constant(mask)));
      }
      return result;
    },
  };
  const own = Object.keys(watched).map(name => [name, Object.getOwnPropertyDescriptor(layer, name)] as const);
  try {
    Object.assign(layer, watched);
    return f();
  } finally {
    for (const [name, before] of own) {
      if (before) Object.defineProperty(layer, name, before);
      else Reflect.deleteProperty(layer, name); // uncovers the method of the class
    }
  }
}
