/** Models on the disk in TF.js' two files, model.json and weights.bin, without tfjs-node. */
import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { DataError } from '@keepprob/core';
import { isTable, show } from '@keepprob/core/driver';
import { io } from '@tensorflow/tfjs-core';
import { directoryStore } from '../../checkpoint/stores/directoryStore.ts';
import { FILE } from '../beside.ts';
import { bytesIn, checkedModelJson, EXPECTED, type Manifest } from '../modelJson.ts';
import { KEY } from '../preprocessing.ts';
import { anyJsonOf, bytesOf, MOST_BYTES } from './files.ts';
import { placeFor } from './pathOf.ts';

/** The contents of a model.json and its weights, in any number of files, as converters write them. @throws DataError if it is not a model.json, or lacks a part */
export async function artifactsIn(path: string): Promise<io.ModelArtifacts> {
  const json = checkedModelJson(path, await anyJsonOf(path, EXPECTED));
  return io.getModelArtifactsForJSON(json, () => weightsIn(path, json.weightsManifest));
}

type Weights = [specs: io.WeightsManifestEntry[], data: ArrayBuffer];

/**
 * The specs of a model's weights, and the bytes of its files, one file after the other.
 * @throws DataError for a file outside the folder of the model, and if the number of bytes is not that of the weights
 */
async function weightsIn(path: string, manifest: Manifest): Promise<Weights> {
  const specs = manifest.flatMap(group => group.weights);
  const wanted = specs.reduce((sum, spec) => sum + bytesIn(spec), 0);
  const parts: Uint8Array[] = [];
  let left = Math.min(wanted, MOST_BYTES);
  for (const file of manifest.flatMap(group => group.paths)) {
    if (!isInside(file)) throw DataError.of(path, 'weights in its own folder', show(file));
    const part = await bytesOf(join(dirname(path), file), left);
    parts.push(part);
    left -= part.length;
  }
  const { buffer } = new Uint8Array(Buffer.concat(parts));
  if (buffer.byteLength !== wanted) throw DataError.of(path, `${wanted} bytes of weights`, String(buffer.byteLength));
  return [specs, buffer];
}

/** Whether a path stays in the folder in which it starts. */
function isInside(path: string): boolean {
  const normal = normalize(path);
  return !isAbsolute(normal) && normal.split(sep)[0] !== '..';
}

/**
 * Saves a model: `await model.save(modelFile(path))`. An existing model stays complete until the new one is: the weights that its model.json names are not
 * overwritten. The new weights are written under another name first, model.json then names these, and finally everything is written again under the permanent names.
 * The preprocessing goes into preprocessing.json before model.json is replaced.
 */
export const modelFile = (path: string, folder = directoryStore(dirname(path))): io.IOHandler => ({
  async save({ weightData, weightSpecs = [], userDefinedMetadata = {}, ...others }) {
    const { [KEY]: preprocessing, ...metadata }: Record<string, unknown> = { ...userDefinedMetadata };
    const weights = new Uint8Array(io.CompositeArrayBuffer.join(weightData));
    const write = async (file: string): Promise<void> => {
      const json = {
        ...others,
        ...(Object.keys(metadata).length > 0 && { userDefinedMetadata: metadata }),
        weightsManifest: [{ paths: [file], weights: weightSpecs }],
      };
      await folder.write(file, weights);
      if (preprocessing !== undefined) await folder.write(FILE, textOf(preprocessing));
      else if (existsSync(path)) await folder.remove(FILE);
      await folder.write(basename(path), Buffer.from(JSON.stringify(json)));
    };
    const [own, aside] = weightFiles(path);
    const before = await weightsNamedIn(path);
    if (before.includes(own)) await write(aside);
    await write(own);
    await folder.remove(aside);
    return {
      modelArtifactsInfo: io.getModelArtifactsInfoForJSON({
        ...others,
        weightSpecs,
        ...(weightData && { weightData }),
      }),
    };
  },
});

/**
 * The files of a model for TF.js' own calls, in plain Node without tfjs-node. `saveModel` and `loadModel` do more: they also check their arguments, and register the
 * layers of the keepprob packages that are installed.
 * @param path a folder, or the path of a model.json
 * @example
 * await model.save(modelFiles('runs/other'));
 * const other = await tf.loadLayersModel(modelFiles('runs/other'));
 * @throws OptionError if `path` is not a path; DataError if the files to load hold no model; CheckpointError if the model cannot be written
 */
export function modelFiles(path: string): io.IOHandler {
  const file = placeFor('modelFiles', path);
  return { ...modelFile(file), load: () => artifactsIn(file) };
}

const textOf = (json: unknown): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(`${JSON.stringify(json)}\n`));

/** The file name of a model's weights, and the temporary one while the model replaces another. */
function weightFiles(path: string): readonly [string, string] {
  const name = basename(path, '.json');
  const of = name === 'model' ? '' : `${name}.`;
  return [`${of}weights.bin`, `${of}weights-2.bin`];
}

/** The weight files that the existing model.json names; none if it is not a model.json. */
async function weightsNamedIn(path: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  const json = await anyJsonOf(path, EXPECTED).catch(() => undefined);
  if (!isTable(json) || !('weightsManifest' in json) || !Array.isArray(json.weightsManifest)) return [];
  return json.weightsManifest.flatMap((group: { readonly paths?: unknown }) => group?.paths ?? []).map(String);
}
