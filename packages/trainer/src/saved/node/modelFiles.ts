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

/** What a model.json holds, and its weights, in any number of files, as converters write them. @throws DataError for what is none, or lacks a part */
export async function artifactsIn(path: string): Promise<io.ModelArtifacts> {
  const json = checkedModelJson(path, await anyJsonOf(path, EXPECTED));
  return io.getModelArtifactsForJSON(json, () => weightsIn(path, json.weightsManifest));
}

type Weights = [specs: io.WeightsManifestEntry[], data: ArrayBuffer];

/**
 * What the weights of a model are, and the bytes of its files, one file after the other.
 * @throws DataError for a file that is not in the folder of the model, and for other bytes than the weights have
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

/** Whether a path stays in the folder that it begins in. */
function isInside(path: string): boolean {
  const normal = normalize(path);
  return !isAbsolute(normal) && normal.split(sep)[0] !== '..';
}

/**
 * Where a model is saved: `await model.save(modelFile(path))`. A model that is there stays whole until the new one is: the weights that its model.json names are
 * not written over. They are written under another name first, model.json names these, and then all is done again under the names that stay. What was done
 * to the data goes into preprocessing.json before model.json is replaced.
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
 * The files of a model for TF.js' own calls, in plain Node without tfjs-node. `saveModel` and `loadModel` do more: they also check what they are given, and register
 * the layers of keepprob that are installed.
 * @param path a folder, or the path of a model.json
 * @example
 * await model.save(modelFiles('runs/other'));
 * const other = await tf.loadLayersModel(modelFiles('runs/other'));
 * @throws OptionError for what is no path; DataError when a model is loaded from files that hold none; CheckpointError when it cannot be written
 */
export function modelFiles(path: string): io.IOHandler {
  const file = placeFor('modelFiles', path);
  return { ...modelFile(file), load: () => artifactsIn(file) };
}

const textOf = (json: unknown): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(`${JSON.stringify(json)}\n`));

/** What the weights of a model are called; and meanwhile, where it takes the place of another. */
function weightFiles(path: string): readonly [string, string] {
  const name = basename(path, '.json');
  const of = name === 'model' ? '' : `${name}.`;
  return [`${of}weights.bin`, `${of}weights-2.bin`];
}

/** The files of weights that the model.json that is there names; none where it is no model.json. */
async function weightsNamedIn(path: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  const json = await anyJsonOf(path, EXPECTED).catch(() => undefined);
  if (!isTable(json) || !('weightsManifest' in json) || !Array.isArray(json.weightsManifest)) return [];
  return json.weightsManifest.flatMap((group: { readonly paths?: unknown }) => group?.paths ?? []).map(String);
}
