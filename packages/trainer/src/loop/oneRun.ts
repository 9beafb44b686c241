/**
 * Lets only one run at a time train a model. A marked seam, checked against tfjs-layers 4.22, where `fit` and `fitDataset` set `isTraining`, and refuse a model that
 * has it set; a Sequential leaves that to its inner `model`. `fit` of this package does the same, so that they refuse each other.
 */
import { OptionError } from '@keepprob/core';
import { isModel } from '@keepprob/core/driver';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import * as messages from '../messages.ts';

const FLAG = 'isTraining';

/**
 * Runs `f`, which trains the model.
 * @throws OptionError while another run trains it
 */
export async function onlyRunOf<T>(model: LayersModel, f: () => Promise<T>): Promise<T> {
  const inner: unknown = Reflect.get(model, 'model');
  const trained = typeof inner === 'object' && inner !== null && isModel(inner) ? inner : model;
  if (Reflect.get(trained, FLAG)) throw new OptionError(messages.fitsAtOnce(model.name), { option: 'model' });
  Reflect.set(trained, FLAG, true);
  try {
    return await f();
  } finally {
    Reflect.set(trained, FLAG, false);
  }
}
