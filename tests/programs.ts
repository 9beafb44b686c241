/** Programs of more than one file, which leave what they made in the project. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { run } from './project.ts';

/** Our packages among these, by their names without the scope. */
export const ours = (names: readonly string[]): string[] =>
  names.filter(name => name.startsWith('@keepprob/')).map(name => name.slice('@keepprob/'.length));

/** Trains in two workers, which save what they trained. */
export async function saves(folder: string): Promise<void> {
  const task = `
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { directoryStore } from '@keepprob/trainer/node';
import { serveFit } from '@keepprob/trainer/worker';
serveFit(() => ({
  model: tfl.sequential({ layers: [tfl.layers.dense({ units: 1, inputShape: [2] })] }),
  data: { x: [[1, 2], [3, 4]], y: [[1], [2]] },
  options: { loss: 'meanSquaredError', optimizer: tf.train.sgd(0.01), epochs: 2, seed: 1, checkpoint: { store: directoryStore('saved') } },
}));
`;
  const code = `
import { readdir } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { fitInWorker } from '@keepprob/trainer/worker';
const run = await fitInWorker(() => new Worker(new URL('./task.mjs', import.meta.url)), { workers: 2, progress: false });
if (run.epochs !== 2 || run.weights.length !== 2) throw new Error(JSON.stringify(run));
console.log((await readdir('saved')).join());
`;
  await writeFile(join(folder, 'task.mjs'), task);
  await writeFile(join(folder, 'inWorkers.mjs'), code);
  expect(await run(process.execPath, ['inWorkers.mjs'], folder)).toMatch(/last-000002-step2.safetensors/);
}

/** Trains with a config and a table, and nothing but the command. */
export async function trainsFromTerminal(folder: string): Promise<void> {
  const rows = Array.from({ length: 40 }, (_, i) => `${Math.sin(i)},${Math.cos(i)},${i % 2}`);
  await writeFile(join(folder, 'data.csv'), ['a,b,label', ...rows].join('\n'));
  const config = {
    model: [
      { layer: 'dense', units: 4, activation: 'relu' },
      { layer: 'dropout', keepProb: 0.8 },
      { layer: 'dense', units: 2, activation: 'softmax' },
    ],
    data: { train: { csv: 'data.csv' }, label: 'label', classes: 2 },
    loss: 'categoricalCrossentropy',
    optimizer: { name: 'adam', learningRate: 0.01 },
    epochs: 2,
    plugins: [{ plugin: 'l2', strength: 1e-4 }],
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  await run('npx', ['keepprob', 'train', 'config.json', '--progress', 'lines'], folder);
  expect(await readdir(join(folder, 'runs', 'config'))).toEqual(expect.arrayContaining(['model.json', 'weights.bin']));
}
