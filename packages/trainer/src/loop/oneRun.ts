/**
 * One run at a time trains a model. A marked seam: read in tfjs-layers 4.22, where `fit` and `fitDataset` set `isTraining`, and refuse a model that has
 * it set; so does `fit` of this package, and so they refuse each other.
 */
import { OptionError } from '@keepprob/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import * as messages from '../messages.ts';

const FLAG = 'isTraining';

/**
 * Runs `f`, which trains the model.
 * @throws OptionError while another run trains it
 */
export async function onlyRunOf<T>(model: LayersModel, f: () => Promise<T>): Promise<T> {
  if (Reflect.get(model, FLAG)) throw new OptionError(messages.fitsAtOnce(model.name), { option: 'model' });
  Reflect.set(model, FLAG, true);
  try {
    return await f();
  } finally {
    Reflect.set(model, FLAG, false);
  }
}
