/** Two copies of core in one project, as npm may leave them: under node_modules, and under a package's own. */
import { cp, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectWith, run } from './project.ts';
import { tensorflow } from './uses.ts';
import { whenInstalled } from './whenInstalled.ts';

/** Trains with layers and plugins of several packages, in `fit` and in stock fit; prints what it drew on, J and the weights, or why not. */
const program = `
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { PluginError } from '@keepprob/core';
import { layerPlugin } from '@keepprob/core/layers';
import { attach } from '@keepprob/core/stock';
import { dropout, predictWithUncertainty } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import { fit } from '@keepprob/trainer';
const dense = (units, seed) => tfl.layers.dense({ units, inputShape: [2], kernelInitializer: tfl.initializers.glorotUniform({ seed }) });
const net = () => tfl.sequential({ layers: [dense(8, 1), dropout({ keepProb: 0.5 }), dense(8, 2), dropout({ keepProb: 0.8 }), dense(1, 3)] });
const x = tf.randomNormal([8, 2], 0, 1, 'float32', 1), y = tf.randomNormal([8, 1], 0, 1, 'float32', 2);
const weights = model => model.getWeights().map(w => [...w.dataSync()]);
const loss = 'meanSquaredError';
const refused = async (model, train) => {
  const before = JSON.stringify(weights(model));
  try {
    await train();
    return null;
  } catch (error) {
    return { isPluginError: error instanceof PluginError, message: error.message, untouched: JSON.stringify(weights(model)) === before };
  }
};
const [trained, stock] = [net(), net()];
let history, uncertain;
const errors = [
  await refused(trained, async () => {
    ({ history } = await fit(trained, { x, y }, { loss, optimizer: tf.train.adam(0.05), epochs: 3, batchSize: 4, seed: 7, progress: false, plugins: [l2(1e-2)] }));
    uncertain = [...(await predictWithUncertainty(trained, x, { samples: 5, seed: 3 })).mean.dataSync()];
  }),
  await refused(stock, async () => {
    const reg = attach(stock, { optimizer: tf.train.sgd(0.05), seed: 7 }, l2(1e-2));
    stock.compile({ optimizer: reg.optimizer, loss });
    await stock.fit(x, y, { epochs: 2, batchSize: 4, shuffle: false, verbose: 0 });
  }),
];
console.log(JSON.stringify({ core: trained.layers[1][layerPlugin], errors, results: [history, uncertain, weights(trained), weights(stock)] }));
`;

interface Said {
  readonly core: { readonly apiVersion: number; readonly version: string };
  readonly errors: readonly ({
    readonly isPluginError: boolean;
    readonly message: string;
    readonly untouched: boolean;
  } | null)[];
  readonly results: readonly unknown[];
}

/** Packages that have a core of their own. Which of the two trainings of the program are refused where it is of another contract. */
interface Apart {
  readonly who: string;
  readonly owners: readonly string[];
  readonly refused?: readonly [boolean, boolean];
  /** Others cover it: it is left to `npm run test:long`. */
  readonly isCovered?: boolean;
}

const sameContract: readonly Apart[] = [
  { who: 'the layers', owners: ['dropout'], isCovered: true },
  { who: 'the trainer', owners: ['trainer'], isCovered: true },
  { who: 'layers, plugins and trainer, one each', owners: ['dropout', 'l2', 'trainer'] },
];
const otherContract: readonly Apart[] = [
  { who: 'the layers', owners: ['dropout'], refused: [true, true] },
  { who: 'the plugins', owners: ['l2'], refused: [true, true], isCovered: true },
  { who: 'the trainer', owners: ['trainer'], refused: [true, false] },
];
const tried = (all: readonly Apart[]): readonly Apart[] =>
  all.filter(({ isCovered }) => !isCovered || process.env.CASES === 'all');

const installed = await whenInstalled();
const names = ['dropout', 'l2', 'trainer'].map(name => `@keepprob/${name}`);
let project: string;
let one: Said;
beforeAll(async () => {
  project = await realpath(await mkdtemp(join(tmpdir(), 'keepprob-cores-')));
  await projectWith(installed, [...names, ...tensorflow], project);
  await writeFile(join(project, 'use.mjs'), program);
  one = await said();
});
afterAll(() => rm(project, { recursive: true }));

/** What the program says where these packages have a core of their own: 9.9.9, of the contract's version `apiVersion`. */
async function said(owners: readonly string[] = [], apiVersion?: number): Promise<Said> {
  const modules = join(project, 'node_modules/@keepprob');
  const own = owners.map(owner => join(modules, owner, 'node_modules/@keepprob/core'));
  for (const folder of own) {
    await cp(join(modules, 'core'), folder, { recursive: true });
    await edit(join(folder, 'dist/version.js'), /VERSION = '.*'/, `VERSION = '9.9.9'`);
    if (apiVersion !== undefined)
      await edit(join(folder, 'dist/contract.js'), /API_VERSION = \d+/, `API_VERSION = ${apiVersion}`);
  }
  try {
    return JSON.parse(await run(process.execPath, ['use.mjs'], project));
  } finally {
    for (const folder of own) await rm(folder, { recursive: true });
  }
}

async function edit(path: string, from: RegExp, to: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  expect(text).toMatch(from);
  await writeFile(path, text.replace(from, to));
}

test('one core trains', () => {
  expect(one.errors).toEqual([null, null]);
  expect(JSON.stringify(one.results)).not.toMatch(/null/);
});

test.each(tried(sameContract))(
  'two of the same contract work as one, bit for bit: $who have their own',
  async ({ owners }) => {
    const two = await said(owners);
    expect(two.core.version).toBe(owners.includes('dropout') ? '9.9.9' : one.core.version);
    expect(two.errors).toEqual([null, null]);
    expect(two.results).toEqual(one.results);
  },
);

test.each(tried(otherContract))(
  'two of different contracts are an error before anything is trained: $who have another',
  async ({ owners, refused }) => {
    const { apiVersion, version } = one.core;
    const { errors } = await said(owners, apiVersion + 1);
    expect(errors.map(error => error !== null)).toEqual(refused);
    for (const error of errors.filter(e => e !== null)) {
      expect(error).toMatchObject({ isPluginError: true, untouched: true });
      for (const said of [`apiVersion ${apiVersion + 1}`, version, 'npm ls @keepprob/core'])
        expect(error.message).toContain(said);
    }
  },
);
