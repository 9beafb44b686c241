/** Models from a server and from handlers of TF.js, with what is beside them. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DataError, OptionError } from '@keepprob/core';
import { applyPreprocessing, loadModel, preprocessingOf } from '@keepprob/trainer/model';
import { saveModel } from '@keepprob/trainer/node';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Folder, newFolder } from '../support/folder.ts';

let folder: Folder;
let url: string;
const asked: string[] = [];
/** What the server says instead of a file. */
let instead: Record<string, { readonly status: number; readonly text: string }> = {};
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  const name = new URL(request.url ?? '', 'http://a').pathname.slice(1);
  const own = instead[name];
  if (own) return void response.writeHead(own.status, { 'content-type': 'application/json' }).end(own.text);
  folder.read(name).then(
    bytes => response.writeHead(200, { 'content-type': 'application/json' }).end(bytes),
    () => response.writeHead(404).end(),
  );
});
const preprocessing = { columns: ['a'], scaling: { offset: [1], divisor: [2] }, shape: [1] };

beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = await newFolder();
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  await saveModel(model, folder.path, { preprocessing });
  model.dispose();
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await folder.remove();
});

test('preprocessing.json beside the model is found, under the same query', async () => {
  instead = {};
  const model = await loadModel(`${url}model.json?key=1`);
  expect(asked).toContain('/preprocessing.json?key=1');
  const x = applyPreprocessing(model, [{ a: 5 }]);
  expect([...x.dataSync()]).toEqual([2]);
  x.dispose();
  model.dispose();
});

test.each([
  [404, ''],
  [403, ''],
  [200, '<!doctype html><p>an application of one page</p>'],
])('a server that answers %i %j has none', async (status, text) => {
  instead = { 'preprocessing.json': { status, text } };
  const model = await loadModel(`${url}model.json`);
  expect(preprocessingOf(model)).toBeUndefined();
  model.dispose();
});

test.each<[string, typeof instead, RegExp]>([
  ['one that fails', { 'preprocessing.json': { status: 500, text: '' } }, /preprocessing\.json: HTTP status 500/],
  [
    'another file',
    { 'preprocessing.json': { status: 200, text: '{' } },
    /preprocessing\.json: expected what `keepprob train`/,
  ],
  ['another JSON', { 'preprocessing.json': { status: 200, text: '[]' } }, /one without shape/],
  ['no model', { 'model.json': { status: 404, text: '' } }, /model\.json: .*404/],
  [
    'a graph',
    {
      'model.json': { status: 200, text: '{"format":"graph-model","modelTopology":{"node":[]},"weightsManifest":[]}' },
    },
    /GraphModel/,
  ],
  ['cut weights', { 'weights.bin': { status: 200, text: 'abc' } }, /model\.json: /],
])('%s is an error that names it, and leaves nothing', async (_, answers, message) => {
  instead = answers;
  const before = tf.memory().numTensors;
  const error = await loadModel(`${url}model.json`).catch(reason => reason);
  expect(error).toBeInstanceOf(DataError);
  expect(error.message).toMatch(message);
  expect(tf.memory().numTensors).toBe(before);
});

test('a handler of TF.js is taken, too; what is none is refused', async () => {
  const wrong: unknown[] = ['', undefined, 3, {}, { load: 1 }];
  for (const given of wrong) await expect(loadModel(given as string)).rejects.toThrow(OptionError);
  await expect(loadModel({ load: async () => ({}) })).rejects.toThrow(DataError);
  await expect(
    loadModel({
      load: async () => {
        throw new Error('offline');
      },
    }),
  ).rejects.toThrow('model: offline');
});
