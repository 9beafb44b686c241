/**
 * The layers of a model, nested models, wrappers and recurrent cells opened. A marked seam: read in tfjs-layers 4.22,
 * `Wrapper.layer`, `Bidirectional.forwardLayer/backwardLayer`, `RNN.cell`, `StackedRNNCells.cells`.
 */
import type { LayersModel, LayerVariable, layers } from '@tensorflow/tfjs-layers';
import { OptionError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';

export type Layer = layers.Layer;

export interface Place {
  readonly layer: Layer;
  /** Positions from the model down, stable over rebuilds: `2-Bidirectional/forward/cell`. */
  readonly path: string;
  /** Name of the layer of a model that this one is, or is a part of. */
  readonly name: string;
}

interface Inner {
  readonly layers?: readonly Layer[];
  readonly forwardLayer?: Layer;
  readonly backwardLayer?: Layer;
  readonly layer?: Layer;
  readonly cell?: Layer;
  readonly cells?: readonly Layer[];
}

function parts(layer: Layer): (readonly [string, Layer])[] {
  const inner = layer as unknown as Inner;
  if (Array.isArray(inner.layers))
    return inner.layers.map((l: Layer, i: number) => [`${i}-${l.getClassName()}`, l] as const);
  if (inner.forwardLayer && inner.backwardLayer) {
    return [
      ['forward', inner.forwardLayer],
      ['backward', inner.backwardLayer],
    ];
  }
  if (inner.layer) return [['layer', inner.layer]];
  if (inner.cell) return [['cell', inner.cell]];
  return (inner.cells ?? []).map((cell, i) => [`${i}`, cell] as const);
}

/** Every layer once, in `model.layers` order; a shared layer stands at its first place. */
export const layerTree = (model: LayersModel): Place[] => placesIn(model as unknown as Layer, false);

/** The layer, with an empty path, and every layer in it. */
export const layersIn = (layer: Layer): Place[] => placesIn(layer, true);

function placesIn(root: Layer, itself: boolean): Place[] {
  const seen = new Set<Layer>();
  const places: Place[] = [];
  const visit = (layer: Layer, path: string, name: string): void => {
    if (seen.has(layer)) return;
    seen.add(layer);
    places.push({ layer, path, name });
    visitParts(layer, `${path}/`, name);
  };
  const visitParts = (layer: Layer, under: string, name: string): void => {
    const isModel = Array.isArray((layer as unknown as Inner).layers);
    for (const [step, part] of parts(layer)) visit(part, under + step, isModel ? part.name : name);
  };
  if (itself) places.push({ layer: root, path: '', name: root.name });
  visitParts(root, '', root.name);
  return places;
}

/** The weights of a layer that no layer in it has: all of a leaf, none of a model or of a recurrent layer. */
export function ownWeights(layer: Layer): LayerVariable[] {
  const inside = new Set(parts(layer).flatMap(([, part]) => part.weights));
  return layer.weights.filter(weight => !inside.has(weight));
}

/** @throws OptionError when `model` is not a LayersModel, or not built yet. */
export function checkModel(model: unknown): asserts model is LayersModel {
  const candidate = model as Partial<LayersModel> | null | undefined;
  if (!candidate || typeof candidate.apply !== 'function' || !Array.isArray(candidate.layers)) {
    throw new OptionError(messages.modelExpected(model), { option: 'model', received: model });
  }
  // `inputs` of a Sequential is empty until its first layer knows its shape
  if (!candidate.inputs?.length || !candidate.outputs?.length) {
    throw new OptionError(messages.modelNotBuilt(candidate.name ?? '?'), { option: 'model' });
  }
  // a Sequential that knows its shapes is built by compile or predict, or here
  if (!candidate.built) (candidate as unknown as { build(): void }).build();
}
