/** A program with a TensorFlow.js of its own, next to the one that our packages find: an error that says so, and not one about something else. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { run } from './project.ts';
import { whenInstalled } from './whenInstalled.ts';

const program = `
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { dropout } from '@keepprob/dropout';
import { fit } from '@keepprob/trainer';
const net = () => tfl.sequential({ layers: [tfl.layers.dense({ units: 1, inputShape: [2] })] });
const data = { x: tf.ones([4, 2]), y: tf.ones([4, 1]) };
const refused = f => f().then(() => null, ({ name, message }) => ({ name, message }));
console.log(JSON.stringify({
  add: await refused(async () => net().add(dropout({ keepProb: 0.5 }))),
  apply: await refused(async () => dropout({ keepProb: 0.5 }).apply(tfl.input({ shape: [2] }))),
  fit: await refused(() => fit(net(), data, { loss: 'meanSquaredError', optimizer: 'sgd', epochs: 1, progress: false })),
}));
`;

let said: Readonly<Record<string, { readonly name: string; readonly message: string } | null>>;
beforeAll(async () => {
  const project = await whenInstalled();
  const folder = join(project, 'two-tensorflows');
  for (const name of ['tfjs-core', 'tfjs-layers', 'tfjs-backend-cpu']) {
    const [from, to] = [project, folder].map(root => join(root, 'node_modules/@tensorflow', name)) as [string, string];
    const { main } = JSON.parse(await readFile(join(from, 'package.json'), 'utf8'));
    await mkdir(dirname(join(to, main)), { recursive: true });
    for (const file of ['package.json', main]) await cp(join(from, file), join(to, file));
  }
  await writeFile(join(folder, 'use.mjs'), program);
  said = JSON.parse((await run(process.execPath, ['use.mjs'], folder)).trim().split('\n').at(-1) ?? '');
});

test.each([
  ['add', /^layer ".*": what it is applied to was made with another copy of TensorFlow\.js, /],
  ['apply', /^layer ".*": what it is applied to was made with another copy of TensorFlow\.js, /],
  ['fit', /^fit: the model was made with another copy of TensorFlow\.js, /],
])('%s', (what, message) => {
  expect(said[what]).toMatchObject({ name: 'OptionError', message: expect.stringMatching(message) });
  expect(said[what]?.message).toContain('`npm ls @tensorflow/tfjs-core @tensorflow/tfjs-layers` shows which');
});
