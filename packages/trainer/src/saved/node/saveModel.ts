/** Saves models to files, in plain Node. */
import { checkOptions, type OptionSpecs, option } from '@keepprob/core';
import { checkModel } from '@keepprob/core/driver';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { checkedPreprocessing, keepPreprocessing, type Preprocessing } from '../preprocessing.ts';
import { modelFile } from './modelFiles.ts';
import { placeFor } from './pathOf.ts';

/** Options of `saveModel`. */
export interface SaveModelOptions {
  /** The preprocessing of the data, for whoever loads the model; null, the default, keeps the preprocessing that the model already has (`preprocessingOf`). */
  readonly preprocessing?: Preprocessing | null;
}

const specs: OptionSpecs<SaveModelOptions> = {
  preprocessing: option.orNull(option.custom<Preprocessing>('what preprocessingOf(model) returns', isObject)),
};

function isObject(given: unknown): boolean {
  return typeof given === 'object' && given !== null;
}

/**
 * Saves a model in TF.js' files, model.json and its weights, without tfjs-node, and next to them the preprocessing of its data, as preprocessing.json. Each file is
 * written under another name and renamed. An existing model is replaced as a whole: a kill at any moment leaves either the old model or the new one.
 * @param path a folder, which is created if it does not exist, or the path of a model.json
 * @example
 * await saveModel(model, 'runs/mine'); // runs/mine/model.json, runs/mine/weights.bin
 * await saveModel(model, 'runs/mine', { preprocessing: { scaling: { offset: [0], divisor: [255] }, shape: [4] } });
 * @throws OptionError if `model` is not a model or `path` not a path; DataError for invalid preprocessing; CheckpointError (`full`, `readOnly`, `storage`) if the
 * model cannot be written
 */
export async function saveModel(model: LayersModel, path: string, options: SaveModelOptions = {}): Promise<void> {
  checkModel(model);
  const file = placeFor('saveModel', path);
  const { preprocessing } = checkOptions<SaveModelOptions>('saveModel', specs, options);
  if (preprocessing !== null) keepPreprocessing(model, checkedPreprocessing('saveModel: preprocessing', preprocessing));
  await model.save(modelFile(file));
}
