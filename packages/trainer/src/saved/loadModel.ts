/** Loads models from wherever TF.js can load them, with their preprocessing. */
import { DataError, option } from '@keepprob/core';
import { checkArgument } from '@keepprob/core/driver';
import { io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { modelFrom } from './artifacts.ts';
import { preprocessingBeside } from './beside.ts';
import * as messages from './messages.ts';
import { knowing } from './preprocessing.ts';

const isSource = (given: unknown): boolean =>
  (typeof given === 'string' && given !== '') ||
  (typeof given === 'object' && given !== null && 'load' in given && typeof given.load === 'function');

const source = option.custom<string | io.IOHandler>(
  "a URL of model.json, 'indexeddb://name', or an IOHandler of TensorFlow.js",
  isSource,
);

/**
 * Like `tf.loadLayersModel`, but also loads the preprocessing.json next to the model, for `applyPreprocessing`; errors for a GraphModel or an unregistered class say
 * what to do; and a model that cannot be loaded leaves nothing behind. First call `register()` of the packages whose layers the model has.
 * `model.save('indexeddb://name')` keeps the preprocessing.
 * @param from a URL of model.json, 'indexeddb://name', 'localstorage://name', or an `IOHandler` of TF.js
 * @example
 * let saved;
 * await model.save(tf.io.withSaveHandler(async artifacts => { saved = artifacts; }));
 * const again = await loadModel(tf.io.fromMemory(saved));
 * again.layers.length; // 3
 * @throws DataError if the model is missing, is not a layers model, or is damaged; OptionError if `from` is not a source
 */
export async function loadModel(from: string | io.IOHandler): Promise<LayersModel> {
  checkArgument('loadModel', 'from', source, from);
  const what = typeof from === 'string' ? from : 'model';
  const artifacts = await artifactsOf(what, from);
  const beside = typeof from === 'string' ? await preprocessingBeside(from) : undefined;
  return knowing(await modelFrom(what, artifacts), beside);
}

/** @throws DataError if the model cannot be read */
async function artifactsOf(what: string, from: string | io.IOHandler): Promise<io.ModelArtifacts> {
  try {
    const handler = typeof from === 'string' ? (io.getLoadHandlers(from)[0] ?? io.browserHTTPRequest(from)) : from;
    const artifacts = await handler.load?.();
    if (artifacts) return artifacts;
  } catch (error) {
    throw new DataError(messages.notLoaded(what, error instanceof Error ? error.message : String(error)));
  }
  throw DataError.of(what, 'a model', 'nothing');
}
