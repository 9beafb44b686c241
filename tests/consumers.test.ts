/** What a user has after `npm install`: each package alone, from plain JavaScript and from strict TypeScript. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { install, newProject, run } from './project.ts';
import { openRegistry, type Registry } from './registry.ts';

const tsc = createRequire(import.meta.url)
  .resolve('@typescript/native/package.json')
  .replace('package.json', 'bin/tsc');
const tensorflow = [
  '@tensorflow/tfjs-core@4.22.0',
  '@tensorflow/tfjs-layers@4.22.0',
  '@tensorflow/tfjs-backend-cpu@4.22.0',
  '@tensorflow/tfjs-data@4.22.0',
  '@tensorflow/tfjs-converter@4.22.0',
];

let registry: Registry;
const projects: string[] = [];
beforeAll(async () => {
  registry = await openRegistry();
});
afterAll(async () => {
  await registry.close();
  for (const project of projects) await rm(project, { recursive: true });
});

async function project(): Promise<string> {
  const folder = await newProject(registry);
  projects.push(folder);
  return folder;
}

const packagesIn = async (folder: string, scope: string): Promise<string[]> => {
  const found = await readdir(join(folder, 'node_modules', scope)).catch(() => []);
  return found.sort();
};

/** Trains a small network in stock fit, with whatever is put in. */
const stock = (imports: string, layer: string, plugin: string): string => `
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { attach } from '@keepprob/core/stock';
${imports}
const model = tfl.sequential({ layers: [tfl.layers.dense({ units: 3, inputShape: [2] }), ${layer} tfl.layers.dense({ units: 1 })] });
const reg = attach(model, tf.train.sgd(0.01), ${plugin});
model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
const x = tf.ones([4, 2]), y = tf.ones([4, 1]);
const { history } = await model.fit(x, y, { epochs: 2, verbose: 0, validationData: [x, y], callbacks: reg.callback });
if (!history['loss']?.every(loss => Number.isFinite(loss as number))) throw new Error('it did not train');
console.log('trained');
`;

/** `needs` is what the program has beside TensorFlow.js' packages above. */
const uses: Record<string, { code: string; brings: string[]; needs?: string[] }> = {
  core: {
    code: stock(
      `import { definePlugin } from '@keepprob/core';\nconst nothing = definePlugin<object>({ name: 'nothing', options: {}, setup: () => ({}) });`,
      '',
      'nothing()',
    ),
    brings: ['core'],
  },
  augment: {
    code: `
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { labelSmoothing, smoothLabels } from '@keepprob/augment';
if (labelSmoothing(0.1).name !== 'labelSmoothing') throw new Error('it has no name');
if (smoothLabels(tf.tensor2d([[1, 0]]), 0.1).dataSync()[1] !== Math.fround(0.05)) throw new Error('it did not smooth');
console.log('trained');
`,
    brings: ['augment', 'core'],
  },
  averaging: {
    code: stock(
      `import { ema, swa } from '@keepprob/averaging';`,
      '',
      'ema({ decay: 0.9, evaluate: false }), swa({ startEpoch: 1 })',
    ),
    brings: ['averaging', 'core'],
  },
  l1: {
    code: stock(
      `import { elasticNet, groupLasso, l1, proximalL1 } from '@keepprob/l1';`,
      '',
      'l1(1e-3), elasticNet({ l1: 1e-3, l2: 1e-3 }), groupLasso(1e-3), proximalL1(1e-3)',
    ),
    brings: ['core', 'l1'],
  },
  l2: {
    code: stock(
      `import { l2, maxNorm, weightDecay } from '@keepprob/l2';`,
      '',
      'l2(1e-3), weightDecay(0.01), maxNorm(3)',
    ),
    brings: ['core', 'l2'],
  },
  dropout: {
    code: stock(`import { dropout } from '@keepprob/dropout';`, 'dropout({ keepProb: 0.5 }),', 'false'),
    brings: ['core', 'dropout'],
  },
  gradients: {
    code: stock(
      `import { centralize, clipGlobalNorm } from '@keepprob/gradients';`,
      '',
      'centralize(), clipGlobalNorm(1)',
    ),
    brings: ['core', 'gradients'],
  },
  schedules: {
    code: stock(
      `import { cosine, schedule, warmup } from '@keepprob/schedules';`,
      '',
      'schedule({ learningRate: warmup({ steps: 2, into: cosine({ from: 0.01, to: 0, steps: 8 }) }) })',
    ),
    brings: ['core', 'schedules'],
  },
  lens: {
    code: `
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { suggestKeepProbs } from '@keepprob/lens';
const units = [7, 7, 3, 2, 1];
const layers = units.map((n, i) => tfl.layers.dense({ units: n, name: 'layer' + (i + 1), ...(i === 0 && { inputShape: [3] }) }));
const { keepProbs } = suggestKeepProbs(tfl.sequential({ layers }));
if (JSON.stringify(keepProbs) !== '{"layer1":0.7,"layer2":0.5,"layer3":0.7,"layer4":1}') throw new Error(JSON.stringify(keepProbs));
console.log('trained');
`,
    brings: ['core', 'dropout', 'lens', 'stopping', 'trainer'],
  },
  stopping: {
    code: stock(`import { earlyStopping } from '@keepprob/stopping';`, '', 'earlyStopping({ patience: 3 })'),
    brings: ['core', 'stopping'],
  },
  trainer: {
    code: `
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { fit } from '@keepprob/trainer';
const model = tfl.sequential({ layers: [tfl.layers.dense({ units: 1, inputShape: [2] })] });
const run = await fit(model, { x: [[1, 2], [3, 4]], y: [[1], [2]] }, { loss: 'meanSquaredError', optimizer: tf.train.sgd(0.01), epochs: 2, progress: 'lines' });
if (run.epochs !== 2) throw new Error('it did not train');
console.log('trained');
`,
    brings: ['core', 'stopping', 'trainer'],
  },
  kernels: {
    code: `
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-layers';
import { install, type WasmReport } from '@keepprob/kernels/wasm';
await tf.setBackend('wasm');
const report: WasmReport = await install();
if (!report.installed || !report.active) throw new Error(JSON.stringify(report));
const image = tf.ones([1, 3, 3, 1]) as tf.Tensor4D, filter = tf.ones([2, 2, 1, 1]) as tf.Tensor4D;
const gradient = tf.grad(f => tf.sum(tf.conv2d(image, f as tf.Tensor4D, 1, 'valid')))(filter);
if (gradient.dataSync().join() !== '4,4,4,4') throw new Error('it did not train');
console.log('trained');
`,
    brings: ['core', 'kernels'],
    needs: ['@tensorflow/tfjs-backend-wasm@4.22.0'],
  },
  testing: {
    code: `
import '@tensorflow/tfjs-backend-cpu';
import { definePlugin } from '@keepprob/core';
import { conformance } from '@keepprob/testing';
const laws: string[] = [];
const describe = (_: string, body: () => void) => body();
const it = (name: string) => void laws.push(name);
const create = definePlugin<object>({ name: 'nothing', options: {}, setup: () => ({}) });
conformance({ describe, it }, { kind: 'training', name: 'nothing', create, options: {}, variants: [], bad: [] });
if (!laws.length) throw new Error('no laws');
console.log('trained');
`,
    brings: ['core', 'testing'],
  },
};

/** The same program as plain JavaScript. */
const javascript = (code: string): string =>
  code
    .replace(/<object>/g, '')
    .replace(/ as (number|tf\.Tensor4D)/g, '')
    .replace(/, type WasmReport/g, '')
    .replace(/: (string\[\]|WasmReport)/g, '')
    .replace(/\((_|name): string/g, '($1')
    .replace(/body: \(\) => void/g, 'body');

const strict = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2022', 'dom'],
    types: [],
  },
  files: ['use.ts'],
};

describe.each(Object.entries(uses))('@keepprob/%s, installed alone', (name, { code, brings, needs = [] }) => {
  test('works from JavaScript and from strict TypeScript, and brings nothing that it does not need', async () => {
    const folder = await project();
    await install(folder, `@keepprob/${name}`, ...tensorflow, ...needs);
    expect(await packagesIn(folder, '@keepprob')).toEqual(brings);
    // one TensorFlow.js: no nested copy anywhere
    const manifests = (await readdir(join(folder, 'node_modules'), { recursive: true })).filter(path =>
      /@tensorflow.tfjs-core.package\.json$/.test(path),
    );
    expect(manifests).toEqual([join('@tensorflow', 'tfjs-core', 'package.json')]);
    await writeFile(join(folder, 'use.mjs'), javascript(code));
    expect(await run(process.execPath, ['use.mjs'], folder)).toMatch(/trained/);
    await writeFile(join(folder, 'use.ts'), code);
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(strict));
    await run(process.execPath, [tsc, '-p', '.'], folder);
    const shipped = await readdir(join(folder, 'node_modules/@keepprob', name));
    expect(shipped).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist', 'package.json', 'src']));
  });
});

test('@keepprob/trainer in Node: checkpoints in a directory, and a worker', async () => {
  const folder = await project();
  await install(folder, '@keepprob/trainer', ...tensorflow);
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
  await writeFile(join(folder, 'use.mjs'), code);
  expect(await run(process.execPath, ['use.mjs'], folder)).toMatch(/last-000002-step2.safetensors/);
});

test('keepprob: one package with everything, that trains from a terminal', async () => {
  const folder = await project();
  // without a scope, it is asked for by its address
  await install(folder, `${registry.url}keepprob.tgz`);
  expect(await packagesIn(folder, '@keepprob')).toEqual(expect.arrayContaining(['core', 'lens', 'trainer']));
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
});

test('@keepprob/kernels brings no backend, and says so of each that is not there', async () => {
  const folder = await project();
  await install(folder, '@keepprob/kernels', '@tensorflow/tfjs-core@4.22.0');
  expect(await packagesIn(folder, '@tensorflow')).toEqual(['tfjs-core']);
  const code = `
for (const backend of ['wasm', 'webgl', 'webgpu']) {
  const { install, uninstall } = await import('@keepprob/kernels/' + backend);
  console.log(JSON.stringify(await install()));
  uninstall();
}`;
  await writeFile(join(folder, 'use.mjs'), code);
  const reports = (await run(process.execPath, ['use.mjs'], folder))
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  expect(reports).toMatchObject(
    ['wasm', 'webgl', 'webgpu'].map(backend => ({
      installed: false,
      backend,
      kernels: [],
      reason: expect.any(String),
    })),
  );
});

test('under pnpm, whose node_modules hold only what is declared', async () => {
  const folder = await project();
  const pnpm = (...args: string[]) => run('npx', ['--yes', 'pnpm@10', ...args], folder);
  await pnpm(
    'install',
    '--prefer-offline',
    '--config.auto-install-peers=false',
    '--ignore-scripts',
    '--lockfile=false',
  );
  await pnpm('add', '--ignore-scripts', '@keepprob/core', '@keepprob/l2', '@keepprob/trainer', ...tensorflow);
  for (const name of ['l2', 'trainer']) {
    await writeFile(join(folder, 'use.mjs'), javascript(uses[name]!.code));
    expect(await run(process.execPath, ['use.mjs'], folder)).toMatch(/trained/);
  }
  expect(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))).toHaveProperty('dependencies.@keepprob/l2');
});
