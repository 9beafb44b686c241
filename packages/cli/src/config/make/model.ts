import { OptionError } from '@keepprob/core';
import { checkModel } from '@keepprob/core/driver';
import { register as registerDropout } from '@keepprob/dropout';
import { register as registerL2 } from '@keepprob/l2';
import { reinitialised } from '@keepprob/lens/reinitialised';
import * as tf from '@tensorflow/tfjs';
import type { LayerSpec } from '../config.ts';
import { layerOf } from './layers.ts';
import { keepPackages, savedModel } from './savedModel.ts';
import { packagesOf, type Strangers } from './strangers.ts';

export interface ModelContext {
  /** The name of the config in errors. */
  readonly owner: string;
  /** The seed of the initial weights. */
  readonly seed: number;
  /** The shape of one row of x: the input shape of the first layer, unless the layer specifies it itself. */
  readonly inputShape: readonly number[];
  /** Third-party layers, as found by `strangersIn`. */
  readonly strangers: Strangers;
}

/** A saved model, or layers from first to last with initial weights drawn from the seed. `path` resolves file names. */
export async function modelOf(
  spec: string | readonly LayerSpec[],
  path: (name: string) => string,
  context: ModelContext,
): Promise<tf.LayersModel> {
  if (typeof spec === 'string') return savedModel(path(spec));
  registerDropout();
  registerL2();
  const model = await chainOf(spec, context);
  keepPackages(model, packagesOf(spec));
  return model;
}

async function chainOf(
  specs: readonly LayerSpec[],
  { owner, seed, inputShape, strangers }: ModelContext,
): Promise<tf.LayersModel> {
  const model = tf.sequential();
  try {
    for (const [i, spec] of specs.entries()) {
      const where = `${owner}: model[${i}]`;
      const knowsShape = i > 0 || spec.inputShape || spec.batchInputShape;
      const layer = layerOf(where, knowsShape ? spec : { ...spec, inputShape }, strangers);
      try {
        model.add(layer);
      } catch (error) {
        // TF.js builds some weights before it finds that the layer does not fit
        for (const weight of layer.weights) weight.dispose();
        throw new OptionError(`${where}: ${(error as Error).message}`);
      }
    }
    checkModel(model);
    return await reinitialised(model, seed);
  } finally {
    model.dispose();
  }
}
