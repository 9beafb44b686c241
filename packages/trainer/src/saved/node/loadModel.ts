/** Loads models from files, in plain Node. */
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DataError } from '@keepprob/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { modelFrom } from '../artifacts.ts';
import { FILE } from '../beside.ts';
import * as messages from '../messages.ts';
import { checkedPreprocessing, knowing, PREPROCESSING, type Preprocessing } from '../preprocessing.ts';
import { anyJsonOf, sizeOfFile } from './files.ts';
import { artifactsIn } from './modelFiles.ts';
import { modelAt } from './pathOf.ts';
import { registerOurs } from './registered.ts';

/**
 * Loads a layers model from its files, without tfjs-node. The files may be written by `saveModel`, `keepprob train`, `model.save` or tensorflowjs_converter. The
 * layers of `@keepprob/dropout`, `@keepprob/l2` and `@keepprob/convert` are registered if these packages are installed; register other classes first. The
 * preprocessing.json next to the model is loaded, too, for `applyPreprocessing`. You dispose the model.
 * @param path of model.json, or of its folder
 * @example
 * await saveModel(model, 'runs/mine');
 * const again = await loadModel('runs/mine');
 * again.predict(x).shape; // [64, 2]
 * @throws DataError if the model is missing, is not a layers model (for a GraphModel it says what to do), has a class that is not registered, lacks a file, or has
 * weights that do not fit its layers; nothing is left behind then. OptionError if `path` is not a path
 */
export async function loadModel(path: string): Promise<LayersModel> {
  const file = modelAt(path);
  await checkKind(file);
  const artifacts = await artifactsIn(file);
  const beside = await preprocessingBeside(file);
  await registerOurs();
  return knowing(await modelFrom(file, artifacts), beside);
}

/** The preprocessing in the file next to a model; undefined if there is none. @throws DataError for a file with other contents */
async function preprocessingBeside(model: string): Promise<Preprocessing | undefined> {
  const path = join(dirname(model), FILE);
  return existsSync(path) ? checkedPreprocessing(path, await anyJsonOf(path, PREPROCESSING)) : undefined;
}

/** The first bytes of models in other formats. */
const others: readonly (readonly [begin: string, kind: string])[] = [
  ['\x89HDF', 'a model of Keras in HDF5'],
  ['PK\x03\x04', 'a zip archive, as Keras 3 writes its models (.keras)'],
];

/** @throws DataError for a file that begins like one of another format */
async function checkKind(path: string): Promise<void> {
  await sizeOfFile(path);
  const file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0).finally(() => file.close());
  const begin = buffer.toString('latin1');
  const other = others.find(([own]) => begin === own);
  if (other) throw new DataError(messages.otherFormat(path, other[1]));
}
