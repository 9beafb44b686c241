/**
 * Models of random layers, sizes and graphs predict in PyTorch, and come back from Keras with, what they predict here. Asked of PyTorch and h5py (Debian's python3-torch and python3-h5py)
 * where they are installed; the models of predictions.test.ts are tested everywhere.
 */
import '@tensorflow/tfjs-backend-cpu';
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { ConvertError, type Exported, exportKeras, exportTorch } from '../src/index.ts';
import { loadKeras } from '../src/keras.ts';
import { type Allowed, architecture } from './support/architectures.ts';
import { far } from './support/far.ts';
import { hasH5py, inKeras } from './support/keras.ts';
import { hasTorch, inTorch, type Numbers, numbersOf } from './support/torch.ts';

/** `npm run test:long` takes more. */
const count = process.env.CASES === 'all' ? 600 : 30;

interface Case {
  readonly exported: Exported;
  readonly inputs: tf.Tensor[];
  readonly outputs: readonly Numbers[];
}

/** What TensorFlow.js itself does with masks that nobody else can follow. */
const refusals = [/gives it a mask/, /gives the layers inside of it the mask/, /gives it another mask/];

/** Undefined where TensorFlow.js cannot predict: it gives the mask of one layer to others, of another length. */
function predicted(model: LayersModel, inputs: tf.Tensor[]): readonly Numbers[] | undefined {
  try {
    return [model.predict(inputs)].flat().map(numbersOf);
  } catch {
    return undefined;
  }
}

/** Those of the numbers 1 to `count` that can be exported, which most can. */
async function cases(
  allowed: Allowed,
  write: (model: LayersModel) => Promise<Exported>,
): Promise<Record<string, Case>> {
  const all: Record<string, Case> = {};
  for (let seed = 1; seed <= count; seed++) {
    const { model, inputs } = architecture(seed, allowed);
    const outputs = predicted(model, inputs);
    const exported = await write(model).catch((error: unknown) => {
      if (error instanceof ConvertError && refusals.some(reason => reason.test(error.message))) return undefined;
      throw error;
    });
    if (outputs && exported) all[`seed ${seed}`] = { exported, inputs, outputs };
    model.dispose();
  }
  expect(Object.keys(all).length).toBeGreaterThan(0.8 * count);
  return all;
}

/** The scripts of those that predict something else. */
const wrong = (all: Readonly<Record<string, Case>>, theirs: (name: string) => readonly Numbers[]): string[] =>
  Object.entries(all)
    .filter(([name, { outputs }]) => !(far(outputs, theirs(name)) < 1e-5))
    .map(([name, { exported }]) => `${name}: ${exported.script}`);

test.runIf(hasTorch)('a random model predicts in PyTorch what it predicts here', async () => {
  const all = await cases({ ours: true, masks: true }, exportTorch);
  const { answers } = inTorch(all);
  expect(wrong(all, name => answers[name]?.outputs ?? [])).toEqual([]);
});

test.runIf(hasH5py)('a random model that went through Keras predicts what it predicted before', async () => {
  const all = await cases({ ours: false, masks: true }, exportKeras);
  const files = inKeras(Object.fromEntries(Object.entries(all).map(([name, { exported }]) => [name, exported])));
  const found: Record<string, readonly Numbers[]> = {};
  for (const [name, { inputs }] of Object.entries(all)) {
    const model = await loadKeras(files[name] ?? new Uint8Array());
    found[name] = predicted(model, inputs) ?? [];
    model.dispose();
  }
  expect(wrong(all, name => found[name] ?? [])).toEqual([]);
});
