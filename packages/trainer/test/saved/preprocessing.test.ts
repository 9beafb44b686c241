/** preprocessing.json beside a model. */
import { DataError } from '@keepprob/core';
import { loadModel, preprocessingOf, saveModel } from '@keepprob/trainer/node';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Folder, newFolder } from '../support/folder.ts';

const whole = {
  columns: ['a', 'b'],
  label: 'y',
  classes: ['u', 'v'],
  scaling: { offset: [0, 1], divisor: [1, 2] },
  shape: [2],
};

const net = (): tf.LayersModel => tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] })] });

let folder: Folder;
beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = await newFolder();
  const model = net();
  await saveModel(model, folder.path);
  model.dispose();
});
afterAll(() => folder.remove());

async function read(text: string): Promise<unknown> {
  await folder.write('preprocessing.json', text);
  const model = await loadModel(folder.path);
  const found = preprocessingOf(model);
  model.dispose();
  return found;
}

test('is read as it was written', async () => {
  expect(await read(JSON.stringify(whole))).toEqual(whole);
  expect(await read('{ "shape": [28, 28, 1] }')).toEqual({ shape: [28, 28, 1] });
});

test.each<[string, unknown, string]>([
  ['no JSON', '{"columns":["a","b"],', 'Received: '],
  ['another JSON', [], 'Received: one without shape.'],
  ['null', null, 'Received: null, in place of { "shape": … }'],
  ['no shape', { ...whole, shape: undefined }, 'Received: one without shape.'],
  ['a size of 0', { ...whole, shape: [0] }, 'Received: 0 as shape.0, in place of an integer ≥ 1'],
  ['columns that are a text', { ...whole, columns: 'ab' }, 'Received: "ab" as columns, in place of names of columns'],
  ['a label that is an object', { ...whole, label: { a: 1 } }, 'as label, in place of a column, or several'],
  ['one class', { ...whole, classes: 1 }, 'Received: 1 as classes, in place of'],
  [
    'half of a scaling',
    { ...whole, scaling: { offset: null } },
    'Received: null as scaling.offset, in place of numbers',
  ],
  [
    'a separator of two characters',
    { ...whole, separator: '||' },
    'Received: "||" as separator, in place of one character',
  ],
  ['a divisor of 0', { ...whole, scaling: { offset: [0], divisor: [0] } }, 'in place of a number other than 0'],
  [
    'more offsets than divisors',
    { ...whole, scaling: { offset: [0, 1], divisor: [1] } },
    'as many offsets as divisors',
  ],
])('%s is refused, and no model is left', async (_, content, message) => {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const before = tf.memory().numTensors;
  await expect(read(text)).rejects.toThrow(
    /preprocessing\.json: expected what `keepprob train` writes next to a model\. Received: /,
  );
  await expect(read(text)).rejects.toThrow(message);
  await expect(read(text)).rejects.toThrow(DataError);
  expect(tf.memory().numTensors).toBe(before);
});

test('goes where the model goes: into its own folder, and into whatever model.save writes', async () => {
  const model = net();
  expect(preprocessingOf(model)).toBeUndefined();
  await saveModel(model, `${folder.path}/a`, { preprocessing: whole });
  const again = await loadModel(`${folder.path}/a`);
  expect(preprocessingOf(again)).toEqual(whole);
  await saveModel(again, `${folder.path}/b/other.json`);
  expect(await folder.names('b')).toEqual(['other.json', 'other.weights.bin', 'preprocessing.json']);
  expect(JSON.parse(await folder.text('b/other.json'))).not.toHaveProperty('userDefinedMetadata');
  let saved: tf.io.ModelArtifacts | undefined;
  await again.save(
    tf.io.withSaveHandler(async artifacts => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  expect(saved?.userDefinedMetadata).toEqual({ preprocessing: whole });
  for (const own of [model, again]) own.dispose();
});

test('a model of which nothing is known takes the place of one of which something is', async () => {
  const [known, unknown] = [net(), net()];
  await saveModel(known, `${folder.path}/c`, { preprocessing: whole });
  await saveModel(unknown, `${folder.path}/c`);
  const again = await loadModel(`${folder.path}/c`);
  expect(preprocessingOf(again)).toBeUndefined();
  for (const own of [known, unknown, again]) own.dispose();
});

test('what is none is refused before anything is written', async () => {
  const model = net();
  await expect(saveModel(model, `${folder.path}/d`, { preprocessing: { shape: [0] } })).rejects.toThrow(DataError);
  expect(await folder.names()).not.toContain('d');
  model.dispose();
});
