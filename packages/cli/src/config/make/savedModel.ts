/** Saved models with third-party layers: the metadata of the model name the packages that these come from. */
import { join } from 'node:path';
import { OptionError } from '@keepprob/core';
import { isTable } from '@keepprob/core/driver';
import { bytesOf, loadModel } from '@keepprob/trainer/node';
import type { LayersModel } from '@tensorflow/tfjs';
import * as messages from '../messages.ts';
import { isKeras, kerasModel } from './kerasModel.ts';
import { modelIn } from './modelIn.ts';
import { packagedAs } from './packages.ts';
import { registerLayersOf } from './strangers.ts';

/** The metadata key under which a model keeps the names of these packages. */
const KEY = 'packages';

/** Stores in a model the names of the packages that its layers come from; they are kept in every format in which it is saved. */
export function keepPackages(model: LayersModel, packages: readonly string[]): void {
  if (packages.length) model.setUserDefinedMetadata({ ...model.getUserDefinedMetadata(), [KEY]: [...packages] });
}

/**
 * Loads a model from its files. Third-party packages that it needs are taken from the node_modules of its folder, or of the working directory.
 * @throws OptionError for a package that is not installed, and for a config or a table; DataError for anything else that is not a model
 */
export async function savedModel(path: string): Promise<LayersModel> {
  if (isKeras(path)) return kerasModel(path);
  const file = modelIn(path);
  if (isTableFile(file)) throw new OptionError(messages.tableForModel(file));
  const json = await jsonIn(file);
  if (isConfig(json)) throw new OptionError(messages.configForModel(file));
  for (const name of packagesIn(json)) await registerLayersOf([file, join(process.cwd(), 'model.json')], name);
  return loadModel(file);
}

/** Errors in the file are reported when the model is loaded. */
const jsonIn = (file: string): Promise<unknown> =>
  bytesOf(file)
    .then((bytes): unknown => JSON.parse(Buffer.from(bytes).toString('utf8')))
    .catch(() => undefined);

const isConfig = (json: unknown): boolean => isTable(json) && 'model' in json && 'data' in json && 'loss' in json;
const isTableFile = (file: string): boolean => /\.(?:csv|tsv)(?:\.gz)?$/i.test(file);

function packagesIn(json: unknown): string[] {
  const metadata = isTable(json) && 'userDefinedMetadata' in json ? json.userDefinedMetadata : undefined;
  const names = isTable(metadata) && KEY in metadata && Array.isArray(metadata[KEY]) ? metadata[KEY] : [];
  return names.filter(name => typeof name === 'string' && packagedAs(name)?.module === name);
}
