/**
 * The same architecture with new initial weights. A marked seam: read in tfjs-layers 4.22, where the config of a model holds each initializer as
 * { class_name, config: { seed } }, `modelFromJSON` builds before it returns its promise, and its `customObjects` do not reach the layers of a Sequential.
 */
import { OptionError, option } from '@keepprob/core';
import { checkArgument, checkModel } from '@keepprob/core/driver';
import { layerTree } from '@keepprob/core/layers';
import { uniforms } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, models } from '@tensorflow/tfjs-layers';

const NAME = 'reinitialised';

type Config = { [key: string]: unknown };

/**
 * A new model with the same architecture, independent of the given one. Every random initializer gets a seed derived from `seed`, so the same seed gives
 * the same weights. Frozen layers keep their weights.
 * @example
 * const fresh = await reinitialised(model, 7);
 * const same = await reinitialised(model, 7); // with the same weights
 * @throws OptionError for a model that cannot be written as JSON and read again, and for a seed that is not an integer ≥ 0
 */
export async function reinitialised(model: LayersModel, seed: number): Promise<LayersModel> {
  checkModel(model, NAME);
  checkArgument(NAME, 'seed', option.number({ min: 0, integer: true }), seed);
  const unregister = registerMeanwhile(model);
  try {
    const config: Parameters<typeof models.modelFromJSON>[0] = JSON.parse(String(model.toJSON()));
    reseed(config, seed);
    const copy = await models.modelFromJSON(config);
    keepFrozen(model, copy);
    return copy;
  } catch (error) {
    const reason = (error as Error).message;
    throw new OptionError(`the model cannot be built again from its config, which measuring needs: ${reason}`, {
      option: 'model',
      expected: 'a model that can be saved and loaded',
    });
  } finally {
    unregister();
  }
}

/** Registers the classes of the model's own layers for the time being, so that users need not. */
function registerMeanwhile(model: LayersModel): () => void {
  const map = tf.serialization.SerializationMap.getMap().classNameMap;
  const unknown = layerTree(model).filter(({ layer }) => !(layer.getClassName() in map));
  for (const { layer } of unknown) {
    const Class = layer.constructor as tf.serialization.SerializableConstructor<tf.serialization.Serializable>;
    map[layer.getClassName()] = [Class, Class.fromConfig];
  }
  return () => {
    for (const { layer } of unknown) delete map[layer.getClassName()];
  };
}

/** Initializer seeds are 31 bits and not 0, which some initializers take for no seed. */
function seedOf(seed: number, index: number): number {
  const [u = 0] = uniforms({ seed, step: index, site: 0, draw: 0 }, 1);
  return 1 + Math.floor(u * (2 ** 31 - 2));
}

function reseed(config: unknown, seed: number): void {
  let index = 0;
  const visit = (value: unknown, key: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const { class_name, config: own } = value as { class_name?: unknown; config?: Config };
    if (key.endsWith('initializer') && class_name && own && 'seed' in own) own.seed = seedOf(seed, index++);
    for (const [name, part] of Object.entries(value)) visit(part, name);
  };
  visit(config, '');
}

function keepFrozen(from: LayersModel, to: LayersModel): void {
  const copies = layerTree(to);
  layerTree(from).forEach(({ layer }, i) => {
    const copy = copies[i]?.layer;
    if (!layer.trainable && copy && layer.weights.length) copy.setWeights(layer.getWeights());
  });
}
