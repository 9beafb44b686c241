/** Models that others wrote: whatever is in their files, they are loaded or refused by name, and nothing is left of those that are refused. */
import { mkdir, rm, symlink } from 'node:fs/promises';
import { DataError, OptionError } from '@keepprob/core';
import { loadModel, saveModel } from '@keepprob/trainer/node';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Folder, newFolder } from '../support/folder.ts';

let folder: Folder;
beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = await newFolder();
});
afterAll(() => folder.remove());

type Change = (json: tf.io.ModelJSON, folder: string) => unknown;

const save = async (change: Change = json => json): Promise<string> => {
  await rm(`${folder.path}/model`, { recursive: true, force: true });
  const path = `${folder.path}/model/model.json`;
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
  await saveModel(model, path);
  model.dispose();
  const json = JSON.parse(await folder.text('model/model.json')) as tf.io.ModelJSON;
  await folder.write('model/model.json', change(json, folder.path));
  return path;
};
const paths =
  (...given: string[]): Change =>
  json => ({ ...json, weightsManifest: [{ ...json.weightsManifest[0], paths: given }] });
const weights =
  (change: object): Change =>
  json => ({
    ...json,
    weightsManifest: json.weightsManifest.map(group => ({
      ...group,
      weights: group.weights.map(w => ({ ...w, ...change })),
    })),
  });
const layer =
  (change: (layer: { class_name: string; config: Record<string, unknown> }) => object): Change =>
  json => {
    const topology = json.modelTopology as { config: { layers: { class_name: string; config: object }[] } };
    const layers = topology.config.layers.map(own => ({ ...own, ...change(own as never) }));
    return { ...json, modelTopology: { ...topology, config: { ...topology.config, layers } } };
  };

/** The error of a model that is not loaded; what it leaves in memory is an error, too. */
async function refused(path: string): Promise<DataError> {
  const before = tf.memory().numTensors;
  const error = await loadModel(path).then(
    () => undefined,
    reason => reason,
  );
  expect(error).toBeInstanceOf(DataError);
  expect(error.message.length).toBeLessThan(2000);
  expect(tf.memory().numTensors).toBe(before);
  return error;
}

test('a model is loaded as it was saved, weights in a folder below and in several files too', async () => {
  const path = await save();
  const values = async (): Promise<number[][]> => {
    const model = await loadModel(path);
    const found = model.getWeights().map(w => Array.from(w.dataSync()));
    model.dispose();
    return found;
  };
  const before = await values();
  const bytes = await folder.read('model/weights.bin');
  await mkdir(`${folder.path}/model/part`);
  await folder.write('model/part/1.bin', bytes.subarray(0, 5));
  await folder.write('model/2.bin', bytes.subarray(5));
  const json = JSON.parse(await folder.text('model/model.json'));
  await folder.write('model/model.json', paths('part/1.bin', './part/../2.bin')(json, ''));
  expect(await values()).toEqual(before);
});

test.each<[string, Change, RegExp]>([
  [
    'weights above its folder',
    paths('../outside.bin'),
    /expected weights in its own folder\. Received: "\.\.\/outside/,
  ],
  ['weights far above its folder', paths(`${'../'.repeat(30)}etc/passwd`), /weights in its own folder/],
  ['weights above, by a detour', paths('part/../../outside.bin'), /weights in its own folder/],
  ['weights anywhere', (json, at) => paths(`${at}/outside.bin`)(json, at), /weights in its own folder/],
  ['weights that are its folder', paths('.'), /expected a file\. Received: a folder/],
  ['weights that are not there', paths('none.bin'), /none\.bin: no such file/],
  ['one file many times', paths(...Array<string>(1000).fill('weights.bin')), /at most 0 bytes/],
  ['no file', paths(), /expected 32 bytes of weights\. Received: 0/],
  ['larger weights than its files', weights({ shape: [1e15] }), /bytes of weights/],
  ['weights of strings, each of unknown length', weights({ dtype: 'string', shape: [1e15] }), /float32, int32 or bool/],
  ['weights of no type', weights({ dtype: 'constructor' }), /float32, int32 or bool/],
  ['weights quantized in no way', weights({ quantization: { dtype: '__proto__' } }), /uint8, uint16 or float16/],
  ['weights of a shape that is none', weights({ shape: 'ab' }), /in place of sizes/],
  [
    'two weights of one name',
    weights({ name: 'other' }),
    /model\.json: expected a name for each weight, each one once\. Received: "other" twice/,
  ],
  [
    'weights of other layers',
    json => ({
      ...json,
      weightsManifest: json.weightsManifest.map(group => ({
        ...group,
        weights: group.weights.map((w, i) => ({ ...w, name: `other/${i}` })),
      })),
    }),
    /model\.json: Provided weight data has no target variable: other\/0/,
  ],
  [
    'weights of other shapes',
    json => ({
      ...json,
      weightsManifest: json.weightsManifest.map(group => ({
        ...group,
        weights: group.weights.map(w => ({ ...w, shape: [...w.shape].reverse() })),
      })),
    }),
    /model\.json: .*[Ss]hape/,
  ],
  ['no manifest', json => ({ ...json, weightsManifest: undefined }), /one without weightsManifest/],
  ['a manifest of numbers', json => ({ ...json, weightsManifest: [1] }), /"paths"/],
  ['no topology', json => ({ ...json, modelTopology: null }), /null as modelTopology/],
  ['a graph', json => ({ ...json, format: 'graph-model' }), /GraphModel.*tensorflowjs_converter.*tfjs_layers_model/],
  ['a graph without a format', json => ({ ...json, format: undefined, modelTopology: { node: [] } }), /GraphModel/],
  ['another format', json => ({ ...json, format: 'layers' }), /in place of "layers-model"/],
  ['a list', () => [], /one without modelTopology/],
  ['no JSON', () => '{', /expected a layers model as model\.save\(\) of TensorFlow\.js writes it/],
  [
    'a class of nobody',
    layer(() => ({ class_name: 'Shiver' })),
    /layer of class "Shiver", which is not registered\. Import/,
  ],
  [
    'a class of a package that the model names',
    (json, path) => ({
      ...(layer(() => ({ class_name: 'Shiver' }))(json, path) as object),
      userDefinedMetadata: { packages: ['keepprob-plugin-shiver'] },
    }),
    /is not registered\. It is in keepprob-plugin-shiver: npm install keepprob-plugin-shiver, and before/,
  ],
  ['a class without a name', layer(() => ({ class_name: null })), /model\.json: /],
  [
    'a layer that refuses its config',
    layer(({ config }) => ({ config: { ...config, units: -1 } })),
    /model\.json: .*units/,
  ],
  [
    'two layers, the second of nobody',
    json => ({
      ...json,
      modelTopology: {
        class_name: 'Sequential',
        config: {
          name: 'two',
          layers: [
            { class_name: 'Dense', config: { units: 2, batch_input_shape: [null, 3] } },
            { class_name: 'Nobody', config: {} },
          ],
        },
      },
    }),
    /class "Nobody"/,
  ],
])('%s is refused', async (_, change, message) => {
  await folder.write('outside.bin', Buffer.alloc(32));
  expect((await refused(await save(change))).message).toMatch(message);
});

test.each<[string, (bytes: Buffer) => Uint8Array, RegExp]>([
  ['cut', bytes => bytes.subarray(0, 31), /model\.json: expected 32 bytes of weights\. Received: 31\./],
  ['empty', () => Buffer.of(), /expected 32 bytes of weights\. Received: 0\./],
  ['too long', bytes => Buffer.concat([bytes, bytes]), /weights\.bin: expected at most 32 bytes\. Received: 64\./],
])('weights that are %s are refused', async (_, change, message) => {
  const path = await save();
  await folder.write('model/weights.bin', change(await folder.read('model/weights.bin')));
  expect((await refused(path)).message).toMatch(message);
});

test.each<[string, string, RegExp]>([
  [
    'HDF5',
    '\x89HDF\r\n\x1a\n',
    /a model of Keras in HDF5\. Load it by loadKeras of @keepprob\/convert\/keras, .* npx keepprob import/,
  ],
  ['a zip', 'PK\x03\x04', /Keras 3 writes its models \(\.keras\)/],
  ['nothing', '', /expected a layers model as model\.save\(\) of TensorFlow\.js writes it/],
])('%s is refused, with what to do', async (_, bytes, message) => {
  const path = await folder.write('other.keras', Buffer.from(bytes, 'latin1'));
  expect((await refused(path)).message).toMatch(message);
});

test('what is not there, and what has no end, is refused', async () => {
  expect((await refused(`${folder.path}/none`)).message).toBe(`${folder.path}/none: no such file.`);
  await mkdir(`${folder.path}/empty`);
  expect((await refused(`${folder.path}/empty`)).message).toMatch(/empty.model\.json: no such file\.$/);
  await symlink('/dev/zero', `${folder.path}/endless.json`);
  expect((await refused(`${folder.path}/endless.json`)).message).toMatch(/a file\. Received: no regular file/);
});

test.each([['https://example.org/model.json'], [''], [undefined], [new URL('file:///a')]])(
  '%s is no path',
  async given => {
    await expect(loadModel(given as string)).rejects.toThrow(OptionError);
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    await expect(saveModel(model, given as string)).rejects.toThrow(OptionError);
    model.dispose();
  },
);
