/**
 * Finds the weights of a layer in files of Keras. In `model.weights.h5` a layer is identified by its class and the number of layers of that class before it,
 * `layers/dense_1/vars/0`, and never by its name; in a .h5 file of Keras 2, by its name.
 */

import { type Tensor, tensor, type Variable } from '@tensorflow/tfjs-core';
import type { LayersModel, LayerVariable, layers } from '@tensorflow/tfjs-layers';
import { ConvertError } from '../errors.ts';
import { isNormalization, type NormalizationLayer } from '../layers/normalization.ts';
import { nested } from '../layers/statistics.ts';
import * as messages from '../messages.ts';
import { innerOf } from '../network/masks.ts';
import type { Dataset, Hdf5 } from './hdf5.ts';
import { rules } from './layers.ts';
import type { ModelPart } from './model.ts';

type Layer = layers.Layer;

/** `max_pooling2d` for `MaxPooling2D`, `re_lu` for `ReLU`, like `keras.src.utils.naming`. */
export const snakeCase = (name: string): string =>
  name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();

/** The groups with the weights of a layer, in the order of the weights in TensorFlow.js. */
function groupsOf(className: string, inner: string | undefined, path: string): string[] {
  const { inside } = rules[className] ?? {};
  if (inside === 'cell') return [`${path}/cell`];
  if (inside === 'layer') return groupsOf(inner ?? '', undefined, `${path}/layer`);
  if (inside === 'directions')
    return ['forward_layer', 'backward_layer'].flatMap(side => groupsOf(inner ?? '', undefined, `${path}/${side}`));
  return [path];
}

/** Possible paths: Keras on Windows, and Keras 2.12, used other paths. */
const spellings = (path: string): string[] => [
  `${path}/vars`,
  `${path.replaceAll('/', '\\')}/vars`,
  `${path.replaceAll('layers/', '_layer_checkpoint_dependencies/')}/vars`,
  `${path.replaceAll('layers/', '_layer_checkpoint_dependencies/').replaceAll('/', '\\')}/vars`,
];

/** The datasets of a group: 0, 1, … */
function datasetsIn(file: Hdf5, path: string): Dataset[] {
  const group = spellings(path).find(spelling => file.names(spelling).length);
  if (group === undefined) return [];
  const { length } = file.names(group);
  return Array.from({ length }, (_, i) => file.floats(`${group}/${i}`)).filter(dataset => dataset !== undefined);
}

/** The layer of a model with this name, which may be a nested model. */
const layerOf = (model: LayersModel, name: string): Layer => {
  const layer = model.layers.find(one => one.name === name);
  if (!layer) throw new ConvertError('damaged', messages.notBuilt(`there is no layer ${name}`), { layer: name });
  return layer;
};

const isModel = (layer: Layer): layer is LayersModel & Layer => 'containerNodes' in layer;

/**
 * Fills the weights of a model's layers from `model.weights.h5`.
 * @throws ConvertError if weights are missing or do not match those of the layers
 */
export function fillByClass(model: LayersModel, parts: readonly ModelPart[], file: Hdf5, path = '', label = ''): void {
  const counts = new Map<string, number>();
  for (const { name, className, parts: inner, inner: wrapped } of parts) {
    const snake = snakeCase(className === 'Model' ? 'Functional' : className);
    const count = counts.get(snake) ?? 0;
    counts.set(snake, count + 1);
    if (className === 'InputLayer') continue;
    const here = `${path}layers/${snake}${count ? `_${count}` : ''}`;
    const layer = layerOf(model, name);
    const own = label + name;
    if (inner && isModel(layer)) {
      fillByClass(layer, inner, file, `${here}/`, `${own}/`);
      continue;
    }
    const datasets = (): Dataset[] => groupsOf(className, wrapped, here).flatMap(group => datasetsIn(file, group));
    const measured = unmeasured(layer);
    if (measured) measure(own, measured, here, datasets());
    else if (layer.weights.length) fill(own, layer.weights, here, datasets());
  }
}

/**
 * The same from a .h5 file of Keras 2, or of Keras 3 in that format: each layer of the outer model has a group that names its weights.
 * @throws ConvertError like `fillByClass`
 */
export function fillByName(model: LayersModel, parts: readonly ModelPart[], file: Hdf5): void {
  const root = file.names('').includes('model_weights') ? 'model_weights/' : '';
  for (const { name, className } of parts) {
    if (className === 'InputLayer') continue;
    const layer = layerOf(model, name);
    const group = `${root}${name}`;
    const datasets = (): Dataset[] =>
      listOf(file, group, 'weight_names').flatMap(weight => file.floats(`${group}/${weight}`) ?? []);
    const measured = unmeasured(layer);
    if (measured) measure(name, measured, group, datasets());
    else if (layer.weights.length) fill(name, layer.weights, group, datasets());
  }
}

/** An attribute holds at most 64 kB: Keras splits longer lists into `weight_names0`, `weight_names1`, … */
function listOf(file: Hdf5, group: string, name: string): readonly string[] {
  const whole = file.texts(group, name);
  if (whole) return whole;
  const parts: string[] = [];
  for (let i = 0; ; i++) {
    const part = file.texts(group, `${name}${i}`);
    if (!part) return parts;
    parts.push(...part);
  }
}

/** Whether a file stores weights by the names of layers, as Keras 2 does. */
export const isByName = (file: Hdf5): boolean => listOf(file, '', 'layer_names').length > 0;

const shown = (shapes: readonly (readonly number[])[]): string =>
  shapes.map(shape => `[${shape}]`).join(', ') || 'none';

function fill(label: string, weights: readonly LayerVariable[], path: string, datasets: readonly Dataset[]): void {
  if (!datasets.length) throw new ConvertError('damaged', messages.weightsMissing(label, path), { layer: label });
  const wanted = weights.map(weight => weight.read().shape);
  const there = datasets.map(({ shape }) => shape);
  if (JSON.stringify(wanted) !== JSON.stringify(there))
    throw new ConvertError('damaged', messages.weightsOther(label, shown(wanted), shown(there)), { layer: label });
  for (const [i, weight] of weights.entries()) {
    const dataset = datasets[i];
    if (dataset) put(weight, dataset);
  }
}

/** Sets a weight without the constraints of the layer, which apply after updates and not here. */
function put(weight: LayerVariable, dataset: Dataset): void {
  const { shape, data } = dataset.read();
  const value: Tensor = tensor(data, [...shape], 'float32');
  (weight.read() as Variable).assign(value);
  value.dispose();
}

/** The `Normalization` that a layer is, or contains, if its config has no mean and variance: Keras then stores the results of `adapt` among the weights. */
function unmeasured(layer: Layer): NormalizationLayer | undefined {
  const inner = innerOf(layer) ?? layer;
  return isNormalization(inner) && inner.options.mean === null ? inner : undefined;
}

/** Sets mean and variance; the number of rows they were measured on is not needed. */
function measure(label: string, layer: NormalizationLayer, path: string, datasets: readonly Dataset[]): void {
  const [mean, variance] = datasets;
  if (!mean || !variance) throw new ConvertError('damaged', messages.weightsMissing(label, path), { layer: label });
  const sizes = layer.sizes ?? [];
  const there = [mean.shape, variance.shape];
  if (there.some(shape => shape.join() !== sizes.join()))
    throw new ConvertError('damaged', messages.weightsOther(label, shown([sizes, sizes]), shown(there)), {
      layer: label,
    });
  const [means, variances] = [mean, variance].map(dataset => nested(dataset.shape, dataset.read().data));
  try {
    layer.setOptions({ mean: means ?? 0, variance: variances ?? 1 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConvertError('damaged', messages.badStatistics(label, reason), { layer: label, cause });
  }
}
