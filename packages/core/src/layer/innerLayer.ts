/** The layer inside a wrapper: what may be wrapped, which kernels it has, how it is loaded. */
import { serialization } from '@tensorflow/tfjs-core';
import { type LayerVariable, layers } from '@tensorflow/tfjs-layers';
import type { Role } from '../contract.ts';
import { distinct, placedWeights } from '../model/identity.ts';
import { type Layer, layersIn } from '../model/layerTree.ts';
import { isModel } from '../model/topology.ts';
import { type Description, describeWeight } from '../model/weights.ts';
import { OptionError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';

/** @throws OptionError if it is not a layer, and for a cell, whose weights its layer reads at each time step. */
export function checkInner(owner: string, layer: unknown): asserts layer is Layer {
  if (layer instanceof layers.RNNCell)
    throw new OptionError(messages.wrapCell(owner), { option: 'layer', received: layer.getClassName() });
  if (!(layer instanceof layers.Layer)) throw OptionError.of(owner, 'layer', 'a tf.layers.Layer', layer);
}

/** The input shape and dtype of a first layer, so that a wrapper around it need not be given them again. */
export function inputOf(layer: Layer): object {
  const [input] = isModel(layer) && layer.inputs?.length === 1 ? layer.inputs : [];
  if (input) return { batchInputShape: input.shape, dtype: input.dtype };
  const { batchInputShape, dtype } = layer;
  return batchInputShape ? { batchInputShape, dtype } : {};
}

/** A weight with one of the requested roles. */
export interface FoundKernel extends Description {
  readonly variable: LayerVariable;
  /** Unique in the layer, and the same for the same layer built again. */
  readonly name: string;
}

/** @throws OptionError for a layer that has no weight of these roles. */
export function kernelsIn(
  owner: string,
  layer: Layer,
  choose: (found: ReadonlySet<Role>) => readonly Role[],
): FoundKernel[] {
  const placed = placedWeights(layersIn(layer));
  const names = distinct(placed.map(({ path }) => path.split('/').filter(Boolean).join('_')));
  const found = placed.map(({ weight, place }, i) => ({
    variable: weight,
    name: names[i] as string,
    ...describeWeight(place.layer, weight),
  }));
  const roles = choose(new Set(found.map(({ role }) => role)));
  const kernels = found.filter(({ role }) => roles.includes(role));
  if (kernels.length) return kernels;
  const expected = `a layer with a weight of role ${roles.join(' or ')}`;
  throw OptionError.of(owner, 'layer', expected, `${layer.name} of class ${layer.getClassName()}`);
}

/** Builds the layer, unless it is built, and sets its initial weights if there are any, as TF.js does for layers of a model. */
export function buildInner(layer: Layer, shape: Parameters<Layer['build']>[0]): void {
  if (layer.built) return;
  layer.build(shape);
  layer.built = true;
  if (layer.initialWeights) layer.setWeights(layer.initialWeights);
}

export const saveInner = (layer: Layer): serialization.ConfigDict => ({
  className: layer.getClassName(),
  config: layer.getConfig(),
});

/** The entries of `registerClass` and of a caller's `customObjects`: a class, and a function that makes it from a config. */
type Loader = readonly [cls: unknown, load: (cls: unknown, config: object, ...rest: readonly unknown[]) => unknown];

const isLoader = (value: unknown): value is Loader => Array.isArray(value) && typeof value[1] === 'function';
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Loads the inner layer, as TF.js does for `TimeDistributed`. */
export function loadInner(owner: string, saved: unknown, customObjects: unknown, rest: readonly unknown[] = []): Layer {
  const { className, config } = isObject(saved)
    ? (saved as { readonly className?: unknown; readonly config?: unknown })
    : {};
  const custom = isObject(customObjects) ? customObjects : {};
  const known = new Map<unknown, unknown>(
    Object.entries({ ...serialization.SerializationMap.getMap().classNameMap, ...custom }),
  );
  const loader = known.get(className);
  if (!isLoader(loader) || !isObject(config))
    throw OptionError.of(owner, 'layer', 'a layer of a class that is registered', className);
  const layer = loader[1](loader[0], { ...config, customObjects: custom }, ...rest);
  checkInner(owner, layer);
  return layer;
}
