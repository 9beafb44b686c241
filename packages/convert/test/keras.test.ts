/**
 * A script of Keras builds the model that it was made of: run in Python, its model is saved as Keras saves it, and comes back by `loadKeras`. Where Keras is not installed, a stand-in takes
 * its place, which knows the arguments of each layer and no others, and how models are saved.
 */
import '@tensorflow/tfjs-backend-cpu';
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { type Exported, exportKeras } from '../src/index.ts';
import { loadKeras } from '../src/keras.ts';
import { hasH5py, inKeras } from './support/keras.ts';
import { inputsFor, networks } from './support/models.ts';

/** Those with layers that Keras has not, or with masks that it passes otherwise. */
const refused = ['residual', 'approximate', 'stale', 'ours', 'maps', 'inside'];
const names = Object.keys(networks).filter(name => !refused.includes(name));
const models: Record<string, LayersModel> = {};
let files: Record<string, Uint8Array> = {};

beforeAll(async () => {
  const scripts: Record<string, Exported> = {};
  for (const name of names) {
    const model = networks[name]?.make();
    if (!model) continue;
    scripts[name] = await exportKeras(model);
    models[name] = model;
  }
  if (hasH5py) files = inKeras(scripts);
});

test.runIf(hasH5py).each(names)('%s comes back', async name => {
  const loaded = await loadKeras(files[name] ?? new Uint8Array());
  const inputs = inputsFor(loaded, networks[name]?.words);
  const [ours, theirs] = [models[name], loaded].map(model =>
    [model?.predict(inputs.length === 1 ? (inputs[0] as tf.Tensor) : inputs)].flat().map(out => out?.arraySync()),
  );
  expect(theirs).toEqual(ours);
});

test('what Keras has nothing for is named', async () => {
  const { residual } = networks;
  if (residual) await expect(exportKeras(residual.make())).rejects.toThrow(/layer "path" \(KeepprobDropPath\)/);
});

test('a mask that TensorFlow.js hands on to layers which Keras gives none is named', async () => {
  const { stale } = networks;
  if (stale) await expect(exportKeras(stale.make())).rejects.toThrow(/layer "writer" \(LSTM\).*another mask/);
});
