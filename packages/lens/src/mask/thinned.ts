/** The network that remains when units are dropped: which inputs and outputs of each layer are alive, and the parameters between them. */
import { type Weight, weightsOf } from '@keepprob/core';
import type { Layer } from '@keepprob/core/layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { consumersOf, lastOfBlock, layerWith, passesOn, readersOf } from '../model/graph.ts';
import { lastSize } from '../model/shape.ts';

/** Kept elements of a row, by dropout layer. */
export type Masks = ReadonlyMap<Layer, Uint8Array>;

export interface Thinned {
  readonly total: number;
  readonly trained: number;
}

/** Units of the input or of a dense layer. */
export interface Column {
  readonly name: string;
  /** 1 for a unit that is alive. */
  readonly kept: Uint8Array;
}

/**
 * Counts the parameters with a gradient in the thinned network: those with both ends alive. A channel is alive if any of its elements is kept. Parameters
 * that are not traced here (recurrent states, layers of other kinds) count as trained.
 */
export function thinnedBy(model: LayersModel, masks: Masks): Thinned {
  const weights = weightsOf(model).filter(w => w.trainable && w.variable.trainable);
  const inputs = inputMasks(model, masks);
  const trained = weights.map(weight => {
    const { variable, role } = weight;
    const layer = layerWith(model, weight);
    const into = inputs.get(variable.id);
    const units = lastSize(variable);
    const out = layer && ['kernel', 'bias', 'gain'].includes(role) ? outputMask(model, layer, masks, units) : undefined;
    return variable.size * (into ? livingShare(into, weightInputs(weight)) : 1) * (out ? livingShare(out, units) : 1);
  });
  return {
    total: weights.reduce((sum, w) => sum + w.variable.size, 0),
    trained: Math.round(trained.reduce((a, b) => a + b, 0)),
  };
}

/** The mask of the input of each matrix, by the id of its variable. */
function inputMasks(model: LayersModel, masks: Masks): Map<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  for (const [layer, kept] of masks) {
    for (const { weight } of readersOf(model, layer) ?? []) found.set(weight.variable.id, kept);
  }
  return found;
}

const weightInputs = ({ variable }: Weight): number => variable.shape.at(-2) ?? 1;

/** The mask right after a layer's block, if nothing else takes its output and the mask distinguishes units. */
function outputMask(model: LayersModel, layer: Layer, masks: Masks, units: number): Uint8Array | undefined {
  const recurrent = layer.weights.some(w => w.originalName.includes('recurrent'));
  const consumers = consumersOf(model, lastOfBlock(model, layer));
  const [next, ...others] = consumers;
  if (recurrent || !next || others.length) return undefined;
  const kept = masks.get(next);
  if (kept) return kept.length % units === 0 || kept.length === 1 ? kept : undefined;
  return undefined;
}

/** Share of `groups` that have a kept element: element e belongs to e mod groups, or group g to element g mod elements. */
function livingShare(kept: Uint8Array, groups: number): number {
  if (kept.length < groups) return groups % kept.length === 0 ? living(kept, kept.length) / kept.length : 1;
  return kept.length % groups === 0 ? living(kept, groups) / groups : 1;
}

function living(kept: Uint8Array, groups: number): number {
  const lives = new Uint8Array(groups);
  for (const [e, k] of kept.entries()) if (k) lives[e % groups] = 1;
  return lives.reduce((a, b) => a + b, 0);
}

/** Input and dense layers from left to right, if the model is a chain of dense layers; else empty. */
export function columnsOf(model: LayersModel, masks: Masks): Column[] {
  const [input, ...others] = model.inputs;
  if (!input || others.length) return [];
  const columns: Column[] = [];
  let layer: Layer | undefined = input.sourceLayer;
  let units = (input.shape as (number | null)[])
    .slice(1)
    .reduce<number | null>((a, b) => (a === null || b === null ? null : a * b), 1);
  while (layer) {
    if (units === null) return [];
    const { mask, next }: { mask: Uint8Array | undefined; next: Layer | undefined } = behind(
      model,
      lastOfBlock(model, layer),
      masks,
    );
    columns.push({ name: layer.name, kept: keptOf(mask, units) });
    if (!next) return columns.length > 1 ? columns : [];
    if (next.getClassName() !== 'Dense') return [];
    units = (next.outputShape as (number | null)[]).at(-1) ?? null;
    layer = next;
  }
  return columns;
}

/** The mask of each unit; a single draw may apply to all of them, as when a branch is dropped. */
function keptOf(mask: Uint8Array | undefined, units: number): Uint8Array {
  if (mask?.length === units) return mask;
  return new Uint8Array(units).fill(mask?.length === 1 && !mask.includes(1) ? 0 : 1);
}

/** The next layer that does more than pass its input on, and the mask on the way to it. */
function behind(
  model: LayersModel,
  layer: Layer,
  masks: Masks,
  mask?: Uint8Array,
): { mask: Uint8Array | undefined; next: Layer | undefined } {
  const [next, ...others] = consumersOf(model, layer);
  if (!next || others.length) return { mask, next: undefined };
  return passesOn(next) ? behind(model, next, masks, masks.get(next) ?? mask) : { mask, next };
}
