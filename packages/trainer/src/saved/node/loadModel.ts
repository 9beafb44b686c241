/** Models from files, in plain Node. */
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
 * A layers model from its files, without tfjs-node: written by `saveModel`, `keepprob train`, `model.save` or tensorflowjs_converter. The layers of
 * `@keepprob/dropout`, `@keepprob/l2` and `@keepprob/convert` are known where those are installed; classes of others are registered before. preprocessing.json beside the
 * model is found, for `applyPreprocessing`. The model is yours to dispose.
 * @param path of model.json, or of its folder
 * @example
 * await saveModel(model, 'runs/mine');
 * const again = await loadModel('runs/mine');
 * again.predict(x).shape; // [64, 2]
 * @throws DataError for what is not there, is no layers model (a GraphModel says what to do), has a class that is not registered, lacks a file, or has
 * other weights than its layers; nothing is left of it then. OptionError for what is no path
 */
export async function loadModel(path: string): Promise<LayersModel> {
  const file = modelAt(path);
  await checkKind(file);
  const artifacts = await artifactsIn(file);
  const beside = await preprocessingBeside(file);
  await registerOurs();
  return knowing(await modelFrom(file, artifacts), beside);
}

/** What a file beside a model says of its data; undefined where there is none. @throws DataError for another file */
async function preprocessingBeside(model: string): Promise<Preprocessing | undefined> {
  const path = join(dirname(model), FILE);
  return existsSync(path) ? checkedPreprocessing(path, await anyJsonOf(path, PREPROCESSING)) : undefined;
}

/** What begins like this is a model in another format. */
const others: readonly (readonly [begin: string, kind: string])[] = [
  ['\x89HDF', 'a model of Keras in HDF5'],
  ['PK\x03\x04', 'a zip archive, as Keras 3 writes its models (.keras)'],
];

/** @throws DataError for a file that begins as those of other formats do */
async function checkKind(path: string): Promise<void> {
  await sizeOfFile(path);
  const file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0).finally(() => file.close());
  const begin = buffer.toString('latin1');
  const other = others.find(([own]) => begin === own);
  if (other) throw new DataError(messages.otherFormat(path, other[1]));
}
