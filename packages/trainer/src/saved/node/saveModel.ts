/** Models into files, in plain Node. */
import { checkOptions, type OptionSpecs, option } from '@keepprob/core';
import { checkModel } from '@keepprob/core/driver';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { checkedPreprocessing, keepPreprocessing, type Preprocessing } from '../preprocessing.ts';
import { modelFile } from './modelFiles.ts';
import { placeFor } from './pathOf.ts';

/** Options of `saveModel`. */
export interface SaveModelOptions {
  /** What was done to the data, for whoever loads the model; null, the default, leaves what the model knows of it (`preprocessingOf`). */
  readonly preprocessing?: Preprocessing | null;
}

const specs: OptionSpecs<SaveModelOptions> = {
  preprocessing: option.orNull(option.custom<Preprocessing>('what preprocessingOf(model) gives', isObject)),
};

function isObject(given: unknown): boolean {
  return typeof given === 'object' && given !== null;
}

/**
 * Saves a model in TF.js' files, model.json and its weights, without tfjs-node, and beside them what was done to its data, as preprocessing.json. Each file is
 * written aside and renamed. A model that is there is replaced whole: killed at any moment, it leaves the old one or the new one.
 * @param path a folder, which is made where there is none, or the path of a model.json
 * @example
 * await saveModel(model, 'runs/mine'); // runs/mine/model.json, runs/mine/weights.bin
 * await saveModel(model, 'runs/mine', { preprocessing: { scaling: { offset: [0], divisor: [255] }, shape: [4] } });
 * @throws OptionError for what is no model or no path; DataError for a preprocessing that is none; CheckpointError (`full`, `readOnly`, `storage`) where it cannot be written
 */
export async function saveModel(model: LayersModel, path: string, options: SaveModelOptions = {}): Promise<void> {
  checkModel(model);
  const file = placeFor('saveModel', path);
  const { preprocessing } = checkOptions<SaveModelOptions>('saveModel', specs, options);
  if (preprocessing !== null) keepPreprocessing(model, checkedPreprocessing('saveModel: preprocessing', preprocessing));
  await model.save(modelFile(file));
}
