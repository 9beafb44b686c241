/** Models on the disk in TF.js' two files, model.json and weights.bin, without tfjs-node. */
import { basename, dirname, join } from 'node:path';
import { DataError } from '@keepprob/core';
import { directoryStore } from '@keepprob/trainer/node';
import * as tf from '@tensorflow/tfjs';
import { bytesOf } from '../data/files.ts';

const WEIGHTS = 'weights.bin';

/**
 * For `tf.loadLayersModel` and `model.save`: `await model.save(modelFiles('runs/mnist/model.json'))`. Loads models in any number of weight files, as
 * converters write them. Each file is written whole or not at all, the weights first.
 */
export function modelFiles(path: string): tf.io.IOHandler {
  return {
    async load() {
      const json = await readModel(path);
      return tf.io.getModelArtifactsForJSON(json, async manifest => {
        const files = manifest.flatMap(group => group.paths);
        const parts = await Promise.all(files.map(file => bytesOf(join(dirname(path), file))));
        const { buffer, byteOffset, length } = Buffer.concat(parts);
        return [manifest.flatMap(group => group.weights), buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer];
      });
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

async function readModel(path: string): Promise<tf.io.ModelJSON> {
  const expected = 'a layers model as model.save() of TensorFlow.js writes it';
  const bytes = await bytesOf(path);
  let json: Partial<tf.io.ModelJSON> | null;
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    throw DataError.of(path, expected, (error as Error).message);
  }
  if (!json?.modelTopology || !Array.isArray(json.weightsManifest)) throw DataError.of(path, expected, 'another JSON');
  if (json.format === 'graph-model') throw DataError.of(path, expected, 'a graph model, which cannot be trained');
  return json as tf.io.ModelJSON;
}
