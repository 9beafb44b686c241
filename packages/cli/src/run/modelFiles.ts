/** Models on the disk in TF.js' two files, model.json and weights.bin, without tfjs-node. */
import { basename, dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { DataError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import { directoryStore } from '@keepprob/trainer/node';
import * as tf from '@tensorflow/tfjs';
import { bytesOf, jsonOf, MOST_BYTES } from '../data/files.ts';
import { bytesIn, type Manifest, modelJson } from './modelJson.ts';

const WEIGHTS = 'weights.bin';

/**
 * For `tf.loadLayersModel` and `model.save`: `await model.save(modelFiles('runs/mnist/model.json'))`. Loads models in any number of weight files, as
 * converters write them. Each file is written whole or not at all, the weights first.
 */
export function modelFiles(path: string): tf.io.IOHandler {
  return {
    async load() {
      const json = await jsonOf(path, modelJson, 'a layers model as model.save() of TensorFlow.js writes it');
      return tf.io.getModelArtifactsForJSON(json, () => weightsIn(path, json.weightsManifest));
    },

    async save({
      modelTopology,
      weightSpecs = [],
      weightData,
      format,
      generatedBy,
      convertedBy,
      trainingConfig,
      userDefinedMetadata,
    }) {
      const weights = tf.io.CompositeArrayBuffer.join(weightData);
      const json = {
        format,
        generatedBy,
        convertedBy,
        modelTopology,
        trainingConfig,
        userDefinedMetadata,
        weightsManifest: [{ paths: [WEIGHTS], weights: weightSpecs }],
      };
      const folder = directoryStore(dirname(path));
      await folder.write(WEIGHTS, new Uint8Array(weights));
      await folder.write(basename(path), Buffer.from(JSON.stringify(json)));
      return {
        modelArtifactsInfo: {
          ...tf.io.getModelArtifactsInfoForJSON({ modelTopology, weightSpecs, weightData } as tf.io.ModelArtifacts),
        },
      };
    },
  };
}

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

type Weights = [specs: tf.io.WeightsManifestEntry[], data: ArrayBuffer];

/** Whether a path stays in the folder that it begins in. */
function isInside(path: string): boolean {
  const normal = normalize(path);
  return !isAbsolute(normal) && normal.split(sep)[0] !== '..';
}
