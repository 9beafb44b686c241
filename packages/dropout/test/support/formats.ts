/** Every stock format that Node has. Each takes a model and gives back what `tf.loadLayersModel`, or its like, makes of it. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';

const saved = { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } } as const;

async function artifactsOf(model: tf.LayersModel): Promise<tf.io.ModelArtifacts> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async given => {
      artifacts = given;
      return saved;
    }),
  );
  return artifacts!;
}

/** model.json and weights.bin, as `tf.io.browserDownloads` and tfjs-node write them. */
const twoFiles = (folder: string): tf.io.IOHandler => ({
  async save(artifacts) {
    const { weightData, weightSpecs, ...json } = artifacts;
    const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
    await writeFile(join(folder, 'model.json'), JSON.stringify({ ...json, weightsManifest }));
    await writeFile(join(folder, 'weights.bin'), Buffer.from(weightData as ArrayBuffer));
    return saved;
  },
  async load() {
    const json = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as tf.io.ModelJSON;
    return tf.io.getModelArtifactsForJSON(json, async manifest => {
      const bytes = await readFile(join(folder, manifest[0]!.paths[0]!));
      return [manifest[0]!.weights, new Uint8Array(bytes).buffer];
    });
  },
});

async function onDisk<T>(f: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'keepprob-'));
  try {
    return await f(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export const formats: Readonly<Record<string, (model: tf.LayersModel) => Promise<tf.LayersModel>>> = {
  memory: async model => tf.loadLayersModel(tf.io.fromMemory(await artifactsOf(model))),
  'files on disk': model =>
    onDisk(async folder => {
      await model.save(twoFiles(folder));
      return tf.loadLayersModel(twoFiles(folder));
    }),
  'files over http': model =>
    onDisk(async folder => {
      await model.save(twoFiles(folder));
      const fetchFunc = async (url: string): Promise<Response> => {
        const name = new URL(url).pathname.slice(1);
        const type = name.endsWith('.json') ? 'application/json' : 'application/octet-stream';
        return new Response(new Uint8Array(await readFile(join(folder, name))), { headers: { 'Content-Type': type } });
      };
      return tf.loadLayersModel(tf.io.http('http://model/model.json', { fetchFunc: fetchFunc as typeof fetch }));
    }),
  /** The topology alone; the weights travel beside it. */
  JSON: async model => {
    const loaded = await tf.models.modelFromJSON(JSON.parse(model.toJSON() as string));
    loaded.setWeights(model.getWeights());
    return loaded;
  },
};
