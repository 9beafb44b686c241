/** A plugin of each kind from `npm create @keepprob/plugin`: installed, tested, built, checked and packed, then used in stock fit, in `fit` and in a config. */
import { mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createdBy } from './create.ts';
import { install, newProject, npmrc, run } from './project.ts';
import { openRegistry, type Registry } from './registry.ts';
import { tensorflow } from './uses.ts';

const kinds = ['training', 'layer', 'step'] as const;
const nameOf = (kind: string): string => `keepprob-plugin-my-${kind}`;

let registry: Registry;
let folder: string;
let user: string;
beforeAll(async () => {
  registry = await openRegistry();
  folder = await realpath(await mkdtemp(join(tmpdir(), 'keepprob-authors-')));
  await writeFile(join(folder, '.npmrc'), npmrc(registry));
  user = await newProject(registry);
});
afterAll(async () => {
  await registry?.close();
  for (const path of [folder, user]) if (path) await rm(path, { recursive: true });
});

describe.each(kinds)('of kind %s', kind => {
  const own = (...args: readonly string[]): Promise<string> => run('npm', args, join(folder, nameOf(kind)));

  test('is written by one command, and passes its tests and checks as it is', async () => {
    const said = await createdBy(folder, `my-${kind}`, '--kind', kind);
    expect(said).toMatch(/Tests +\d+ passed \(\d+\)[\s\S]*keepprob-plugin-my-\w+ works/);
    await own('run', 'build');
    expect(await own('run', 'check')).toMatch(/All good!/);
  });

  test('is packed without what only its author needs', async () => {
    const [{ files, filename }] = JSON.parse(await own('pack', '--json'));
    const paths: string[] = files.map(({ path }: { readonly path: string }) => path);
    expect(paths.sort()).toEqual([
      'README.md',
      'dist/index.d.ts',
      'dist/index.js',
      'dist/index.js.map',
      'package.json',
      'src/index.ts',
    ]);
    expect(await readdir(join(folder, nameOf(kind)))).toContain(filename);
  });
});

const program = `
import * as tf from '@tensorflow/tfjs';
import { attach } from '@keepprob/core/stock';
import { fit } from '@keepprob/trainer';
import { loadModel, saveModel } from '@keepprob/trainer/node';
import { myLayer, register } from 'keepprob-plugin-my-layer';
import { myTraining } from 'keepprob-plugin-my-training';
import { myStep } from 'keepprob-plugin-my-step';
const net = () => tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [2] }), myLayer({ stddev: 0.1 }), tf.layers.dense({ units: 1 })] });
const x = tf.randomNormal([16, 2], 0, 1, 'float32', 1), y = tf.sum(x, 1, true);
const loss = 'meanSquaredError';
const stock = net();
const reg = attach(stock, tf.train.sgd(0.01), myTraining(0.01));
stock.compile({ optimizer: reg.optimizer, loss });
const { history } = await stock.fit(x, y, { epochs: 2, verbose: 0 });
const refused = await (async () => attach(net(), tf.train.sgd(0.01), myStep(0.1)))().then(() => '', error => error.message);
const trained = net();
const run = await fit(trained, { x, y }, { loss, optimizer: 'sgd', epochs: 2, progress: false, plugins: [myTraining(0.01), myStep(0.1)] });
register();
await saveModel(trained, 'saved');
const again = await loadModel('saved');
const same = tf.max(tf.abs(tf.sub(again.predict(x), trained.predict(x)))).dataSync()[0];
console.log(JSON.stringify({ stock: history.loss, penalty: run.history.penalty, refused, same }));
`;

const config = {
  model: [
    { layer: 'dense', units: 4, activation: 'relu' },
    { layer: nameOf('layer'), stddev: 0.1 },
    { layer: 'dense', units: 2, activation: 'softmax' },
  ],
  data: { train: { csv: 'data.csv' }, label: 'label', classes: 2, validation: 0.2 },
  loss: 'categoricalCrossentropy',
  optimizer: 'adam',
  epochs: 2,
  plugins: [
    { plugin: nameOf('training'), strength: 0.01 },
    { plugin: nameOf('step'), rho: 0.1 },
  ],
};

describe('installed by a user from their tarballs', () => {
  beforeAll(async () => {
    const tarballs = kinds.map(kind => join(folder, nameOf(kind), `${nameOf(kind)}-0.1.0.tgz`));
    await install(user, `${registry.url}keepprob.tgz`, ...tensorflow, ...tarballs);
  });

  test('they train in stock fit and in fit, and a model with the layer is loaded again', async () => {
    await writeFile(join(user, 'use.mjs'), program);
    const said = JSON.parse((await run(process.execPath, ['use.mjs'], user)).trim().split('\n').at(-1) ?? '');
    expect(said).toMatchObject({ stock: [expect.any(Number), expect.any(Number)], same: 0 });
    expect(said.penalty[0]).toBeGreaterThan(0);
    expect(said.refused).toMatch(/step/);
  });

  test('a config in JSON names them, and what it trains predicts', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${Math.sin(i)},${Math.cos(i)},${i % 2}`);
    await writeFile(join(user, 'data.csv'), ['a,b,label', ...rows].join('\n'));
    await writeFile(join(user, 'config.json'), JSON.stringify(config));
    const printed = await run('npx', ['keepprob', 'train', 'config.json', '--progress', 'lines'], user);
    expect(printed).toMatch(/penalty 0\.\d*[1-9]/);
    const said = await run('npx', ['keepprob', 'predict', 'runs/config', 'data.csv'], user);
    expect(said.trim().split('\n')).toHaveLength(41);
  });
});
