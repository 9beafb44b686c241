/**
 * A script of Keras builds the model that it was made of: run in Python, its model is saved as Keras saves it, and comes back by `loadKeras`. Where Keras is not installed, a stand-in takes
 * its place, which knows the arguments of each layer and no others, and how models are saved.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import '@tensorflow/tfjs-backend-cpu';
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportKeras } from '../src/index.ts';
import { loadKeras } from '../src/keras.ts';
import { inputsFor, networks } from './support/models.ts';

const python = '/usr/bin/python3';
const hasH5py = spawnSync(python, ['-c', 'import h5py']).status === 0;
const program = fileURLToPath(new URL('support/python/save_keras.py', import.meta.url));
const names = Object.keys(networks).filter(name => name !== 'residual' && name !== 'approximate');
const root = mkdtempSync(join(tmpdir(), 'keepprob-keras-'));
const models: Record<string, LayersModel> = {};

beforeAll(async () => {
  for (const name of names) {
    const model = networks[name]?.make();
    if (!model) continue;
    const { script, weights } = await exportKeras(model);
    models[name] = model;
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, 'model.py'), script);
    writeFileSync(join(root, name, 'model.safetensors'), weights);
  }
  if (hasH5py) execFileSync(python, [program, ...names.map(name => join(root, name))], { encoding: 'utf8' });
});
afterAll(() => rmSync(root, { recursive: true }));

test.runIf(hasH5py).each(names)('%s comes back', async name => {
  const loaded = await loadKeras(readFileSync(join(root, name, 'model.keras')));
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
