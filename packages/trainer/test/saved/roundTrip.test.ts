/** Models saved and loaded again are the same, with layers of ours too; and a save that ends early leaves a model. */
import { normalization } from '@keepprob/convert/layers';
import { dropConnect, dropout, dropoutLSTM } from '@keepprob/dropout';
import { catalogue as dropouts } from '@keepprob/dropout/catalogue';
import { spectralNorm, weightNorm } from '@keepprob/l2';
import { catalogue as l2s } from '@keepprob/l2/catalogue';
import { loadModel, modelFiles, saveModel } from '@keepprob/trainer/node';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { directoryStore } from '../../src/checkpoint/stores/directoryStore.ts';
import { packageOf, unknownClassIn } from '../../src/saved/classes.ts';
import { modelFile } from '../../src/saved/node/modelFiles.ts';
import { type Folder, newFolder } from '../support/folder.ts';

let folder: Folder;
beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = await newFolder();
});
afterAll(() => folder.remove());

const said = (model: tf.LayersModel, ...shape: number[]): number[] =>
  tf.tidy(() => {
    const size = shape.reduce((a, b) => a * b, 1);
    const x = tf.tensor(
      Array.from({ length: size }, (_, i) => Math.sin(i)),
      shape,
    );
    return [...(model.predict(x) as tf.Tensor).dataSync()];
  });

/** What a model is; a dtype is said of some layers only once they are loaded. */
const configOf = (model: tf.LayersModel): unknown =>
  JSON.parse(JSON.stringify(model.toJSON(null, false)), (key, value) => (key === 'dtype' ? undefined : value));

const { dense, lstm, gru, embedding, batchNormalization, bidirectional } = tf.layers;

const nets: readonly (readonly [string, number[], () => tf.layers.Layer[]])[] = [
  ['dropout', [4, 3], () => [dense({ units: 4, inputShape: [3] }), dropout({ keepProb: 0.5 }), dense({ units: 2 })]],
  [
    'constraints and regularizers',
    [4, 3],
    () => [
      dense({
        units: 4,
        inputShape: [3],
        kernelConstraint: tf.constraints.maxNorm({ maxValue: 1 }),
        biasConstraint: 'nonNeg',
        kernelRegularizer: tf.regularizers.l2({ l2: 0.1 }),
      }),
    ],
  ],
  [
    'reparametrized layers',
    [4, 3],
    () => [
      weightNorm(dropConnect(dense({ units: 4, inputShape: [3] }), { keepProb: 0.5 })),
      spectralNorm(dense({ units: 2 })),
    ],
  ],
  [
    'normalization',
    [4, 3],
    () => [normalization({ mean: [1, 2, 3], variance: [4, 5, 6], inputShape: [3] }), dense({ units: 2 })],
  ],
  ['batch norm', [4, 3], () => [dense({ units: 4, inputShape: [3] }), batchNormalization(), dense({ units: 1 })]],
  [
    'recurrent layers',
    [4, 5, 3],
    () => [
      bidirectional({ layer: lstm({ units: 2, returnSequences: true }) as never, inputShape: [5, 3] }),
      dropoutLSTM({ units: 2, returnSequences: true }),
      gru({ units: 2 }),
    ],
  ],
  ['embeddings', [4, 5], () => [embedding({ inputDim: 10, outputDim: 2, inputLength: 5 }), tf.layers.flatten()]],
];

test.each(nets)('%s: the same predictions and configs, and nothing else in memory', async (name, shape, layers) => {
  const path = `${folder.path}/${name.replaceAll(' ', '-')}`;
  const start = tf.memory().numTensors;
  const model = tf.sequential({ layers: layers() });
  const before = tf.memory().numTensors;
  await saveModel(model, path);
  expect(tf.memory().numTensors).toBe(before);
  expect(await folder.names(name.replaceAll(' ', '-'))).toEqual(['model.json', 'weights.bin']);
  const again = await loadModel(path);
  expect(tf.memory().numTensors).toBe(before + before - start);
  expect(configOf(again)).toEqual(configOf(model));
  expect(said(again, ...shape)).toEqual(said(model, ...shape));
  for (const own of [model, again]) own.dispose();
});

test('a model with several inputs, a layer that is called twice, and a frozen one', async () => {
  const [a, b] = [tf.input({ shape: [3] }), tf.input({ shape: [3] })];
  const shared = dense({ units: 2, trainable: false });
  const both = [shared.apply(a), shared.apply(b)] as tf.SymbolicTensor[];
  const model = tf.model({ inputs: [a, b], outputs: tf.layers.add().apply(both) as tf.SymbolicTensor });
  await saveModel(model, `${folder.path}/two/net.json`);
  const again = await loadModel(`${folder.path}/two/net.json`);
  expect(again.layers.map(({ trainable }) => trainable)).toEqual(model.layers.map(({ trainable }) => trainable));
  expect(again.getWeights().map(w => [...w.dataSync()])).toEqual(model.getWeights().map(w => [...w.dataSync()]));
  for (const own of [model, again]) own.dispose();
});

test('recurrent weights are not drawn before they are read: TF.js warns of large orthogonal ones', async () => {
  const model = tf.sequential({ layers: [lstm({ units: 24, inputShape: [2, 2], recurrentInitializer: 'zeros' })] });
  await saveModel(model, `${folder.path}/large`);
  const json = JSON.parse(await folder.text('large/model.json'));
  const [layer] = json.modelTopology.config.layers;
  layer.config.recurrent_initializer = { class_name: 'Orthogonal', config: { gain: 1, seed: null } };
  await folder.write('large/model.json', json);
  const warned: unknown[] = [];
  const { warn } = console;
  console.warn = message => warned.push(message);
  const again = await loadModel(`${folder.path}/large`);
  console.warn = warn;
  expect(warned).toEqual([]);
  for (const own of [model, again]) own.dispose();
});

describe('saved over another model', () => {
  const net = (units: number): tf.LayersModel =>
    tf.sequential({ layers: [dense({ units, inputShape: [2], kernelInitializer: 'ones' })] });
  const unitsIn = async (path: string): Promise<unknown> => {
    const model = await loadModel(path);
    const units = model.outputs[0]?.shape[1];
    model.dispose();
    return units;
  };

  test('it takes its place, under the same names', async () => {
    for (const units of [1, 2, 3]) {
      const model = net(units);
      await saveModel(model, `${folder.path}/turns`);
      model.dispose();
      expect(await unitsIn(`${folder.path}/turns`)).toBe(units);
      expect(await folder.names('turns')).toEqual(['model.json', 'weights.bin']);
    }
  });

  test.each([1, 2, 3, 4, 5, 6, 7])(
    'where its step number %i fails, there is the old one or the new one, whole',
    async nth => {
      const path = `${folder.path}/broken-${nth}`;
      const [old, young] = [net(1), net(2)];
      await saveModel(old, path);
      const store = directoryStore(path);
      let left = nth;
      const failing = {
        ...store,
        write: async (...args: Parameters<typeof store.write>) => {
          if (--left === 0) throw new Error('power failure');
          await store.write(...args);
        },
        remove: async (name: string) => {
          if (--left === 0) throw new Error('power failure');
          await store.remove(name);
        },
      };
      await expect(young.save(modelFile(`${path}/model.json`, failing))).rejects.toThrow('power failure');
      expect(await unitsIn(path)).toBe(nth <= 3 ? 1 : 2);
      // the next save clears up
      await saveModel(young, path);
      expect(await unitsIn(path)).toBe(2);
      expect((await folder.names(`broken-${nth}`)).filter(name => name.endsWith('.bin'))).toHaveLength(1);
      for (const own of [old, young]) own.dispose();
    },
  );

  test('two models in one folder have their own weights', async () => {
    const [a, b] = [net(1), net(2)];
    await saveModel(a, `${folder.path}/pair/a.json`);
    await saveModel(b, `${folder.path}/pair/b.json`);
    expect(await unitsIn(`${folder.path}/pair/a.json`)).toBe(1);
    expect(await unitsIn(`${folder.path}/pair/b.json`)).toBe(2);
    for (const own of [a, b]) own.dispose();
  });
});

test('each layer of ours has its package in errors', () => {
  const ours = [
    ['@keepprob/dropout', dropouts],
    ['@keepprob/l2', l2s],
  ] as const;
  const layers = ours.flatMap(([name, own]) =>
    own.filter(({ kind }) => kind === 'layer').map(entry => ({ name, entry })),
  );
  expect(layers.length).toBeGreaterThan(15);
  for (const { name, entry } of layers) {
    const { className } = Reflect.get(Object(entry.factory), 'layerClass');
    expect([className, packageOf(className)]).toEqual([className, name]);
  }
  expect(packageOf('Normalization')).toBe('@keepprob/convert/layers');
  expect(packageOf('Dense')).toBeUndefined();
});

test('what TF.js says of a class that it does not know is understood', async () => {
  const topology = {
    class_name: 'Sequential',
    config: { name: 'a', layers: [{ class_name: 'Gone', config: { batch_input_shape: [null, 1] } }] },
  };
  const message = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology: topology })).then(
    () => '',
    (error: Error) => error.message,
  );
  expect(unknownClassIn(message)).toEqual({ kind: 'layer', name: 'Gone' });
});

test('TF.js’ own calls save and load the same files, by their folder or by model.json', async () => {
  const model = tf.sequential({ layers: [dense({ units: 2, inputShape: [3] })] });
  const place = `${folder.path}/own`;
  await model.save(modelFiles(place));
  const loaded = [await tf.loadLayersModel(modelFiles(`${place}/model.json`)), await loadModel(place)];
  for (const other of loaded) expect(said(other, 4, 3)).toEqual(said(model, 4, 3));
});
