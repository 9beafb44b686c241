/** The command line: what is refused, with which message and exit code, and that nothing is written then. */
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { config, table } from './support/circles.ts';
import { newProject, type Project, until } from './support/program.ts';

let project: Project;
beforeAll(async () => {
  project = await newProject({ packages: true });
  await project.write('circles.csv', table);
  await project.write('circles.json', config);
});
afterAll(() => project.remove());

test('--help says what there is, with an example that is a config; --version', async () => {
  const { code, out } = await project.run('train', '--help');
  expect(code).toBe(0);
  for (const option of ['resume', 'force', 'out', 'seed', 'epochs', 'workers', 'threads', 'backend', 'progress'])
    expect(out).toMatch(new RegExp(`^  --${option}\\b`, 'm'));
  expect(out).toMatch(/Exit codes: 0 trained, 1 training failed, 2 /);
  const example = /^ {2}\{\n[\s\S]*?^ {2}\}$/m.exec(out)?.[0] as string;
  expect(Object.keys(JSON.parse(example))).toEqual(expect.arrayContaining(['model', 'data', 'loss', 'optimizer']));
  expect((await project.run('--help')).out).toMatch(/train \[options\] <config>/);
  expect((await project.run('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

describe('is refused', () => {
  const changed = (change: object) => ({ ...config, ...change });
  test.each<[string, string[], Record<string, unknown>, RegExp]>([
    ['an unknown option', ['circles.json', '--sed', '3'], {}, /unknown option '--sed'\n\(Did you mean --seed\?\)/],
    [
      'a seed of words',
      ['circles.json', '--seed', 'x'],
      {},
      /option '--seed <n>' argument 'x' is invalid\. Expected an integer ≥ 0\./,
    ],
    ['no epochs', ['circles.json', '--epochs', '0'], {}, /Expected an integer ≥ 1\./],
    ['another backend', ['circles.json', '--backend', 'gpu'], {}, /Allowed choices are wasm, cpu\./],
    ['no config', [], {}, /missing required argument 'config'/],
    [
      'threads of workers',
      ['circles.json', '--workers', '2', '--threads', '2'],
      {},
      /--workers and --threads exclude each other/,
    ],
    ['a file that is not there', ['none.json'], {}, /^none\.json: there is no such file\.$/m],
    [
      'another kind of file',
      ['circles.csv'],
      {},
      /^circles\.csv: expected a config that ends in one of \.json, \.ts,/m,
    ],
    ['what is no JSON', ['bad.json'], { 'bad.json': '{ "model": }' }, /bad\.json: this is not JSON: Unexpected token/],
    [
      'an unknown key',
      ['bad.json'],
      { 'bad.json': changed({ epoch: 3 }) },
      /^bad\.json: unknown option `epoch`\. Did you mean `epochs`\?/,
    ],
    [
      'a bad value',
      ['bad.json'],
      { 'bad.json': changed({ epochs: 0 }) },
      /^bad\.json: invalid value for option `epochs`\. Expected an integer ≥ 1\. Received: 0\.$/m,
    ],
    [
      'a plugin of none',
      ['bad.json'],
      { 'bad.json': changed({ plugins: [{ plugin: 'l3' }] }) },
      /^bad\.json: plugins\[0\]: there is no plugin "l3"\./,
    ],
    [
      'a bad layer',
      ['bad.json'],
      { 'bad.json': changed({ model: [{ layer: 'dense' }] }) },
      /^bad\.json: model\[0\]: .*units/,
    ],
    [
      'a layer that does not fit',
      ['bad.json'],
      { 'bad.json': changed({ model: [...config.model, { layer: 'conv2d', filters: 1, kernelSize: 1 }] }) },
      /^bad\.json: model\[3\]: Input 0 is incompatible/,
    ],
    [
      'a loss of none',
      ['bad.json'],
      { 'bad.json': changed({ loss: 'crossentropy' }) },
      /^fit: option `loss`: Unknown loss/,
    ],
    [
      'a column that is not there',
      ['bad.json'],
      { 'bad.json': changed({ data: { ...config.data, label: 'plce' } }) },
      /^circles\.csv: expected a column "plce"\. Received: a, b, place\. Did you mean "place"\?/,
    ],
    [
      'labels of another number of classes',
      ['bad.json'],
      { 'bad.json': changed({ model: [{ layer: 'dense', units: 3 }] }) },
      /^training data: y "dense_Dense1": expected shape \[rows,3\]/,
    ],
    [
      'a model that is not there',
      ['bad.json'],
      { 'bad.json': changed({ model: 'no/model.json' }) },
      /^no\/model\.json: there is no such file\.$/m,
    ],
    [
      'a model that is none',
      ['bad.json'],
      { 'bad.json': changed({ model: 'circles.json' }) },
      /^circles\.json: expected a layers model as model\.save\(\)/,
    ],
    [
      'a module without config',
      ['bad.ts'],
      { 'bad.ts': 'export const config = 1;' },
      /^bad\.ts: it exports no config\. Write `export default defineConfig/,
    ],
    [
      'a module that imports what is not there',
      ['bad.ts'],
      { 'bad.ts': "import 'not-there/sub';" },
      /^bad\.ts: it imports not-there, which is not installed there\. Run `npm install not-there`/,
    ],
    [
      'a module that throws',
      ['bad.mjs'],
      { 'bad.mjs': "throw new Error('boom');" },
      /^bad\.mjs: Error: boom\n +at .*bad\.mjs:1/,
    ],
    [
      'an object of a module',
      ['bad.mjs'],
      { 'bad.mjs': `export default ${JSON.stringify(changed({ epoch: 1 }))}` },
      /^bad\.mjs: unknown option `epoch`/,
    ],
    [
      'a function without model',
      ['bad.mjs'],
      { 'bad.mjs': 'export default () => ({ data: {}, options: {} });' },
      /^bad\.mjs: option `model` is missing\. Expected a tf\.LayersModel\./,
    ],
    [
      "an option that is the program's",
      ['bad.mjs'],
      { 'bad.mjs': 'export default () => ({ model: {}, data: {}, options: { resume: true } });' },
      /^bad\.mjs: invalid value for option `options\.resume`\. Expected nothing, as the command line decides/,
    ],
  ])('%s', async (_, args, files, message) => {
    for (const [name, content] of Object.entries(files)) await project.write(name, content);
    const before = await readdir(project.folder, { recursive: true });
    const { code, err } = await project.run('train', ...args);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at .*dist/);
    expect(code).toBe(2);
    expect(await readdir(project.folder, { recursive: true })).toEqual(before);
  });
});

test('training that fails says so, and exits with 1', async () => {
  await project.write('far.json', {
    ...config,
    optimizer: { name: 'sgd', learningRate: 1e30 },
    loss: 'meanSquaredError',
    model: [{ layer: 'dense', units: 2 }],
  });
  const { code, err } = await project.run('train', 'far.json');
  expect(code).toBe(1);
  expect(err).toMatch(/^the cost J is (NaN|Infinity) at step \d+ .*Lower the learning rate/);
});

test('the second Ctrl-C ends it at once', async () => {
  await project.write(
    'slow.mjs',
    `import * as tf from '@tensorflow/tfjs';
    import { writeFileSync } from 'node:fs';
    async function* batches() {
      const batch = () => ({ xs: tf.ones([2, 1]), ys: tf.ones([2, 1]) });
      yield batch();
      writeFileSync('waiting', '');
      await new Promise(resolve => setTimeout(resolve, 3_600_000));
    }
    export default () => ({
      model: tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] }),
      data: () => batches(),
      options: { loss: 'meanSquaredError', optimizer: 'sgd', trainEvaluation: false },
    });`,
  );
  const { child, ended } = project.start('train', 'slow.mjs');
  await until(async () => (await readdir(project.folder)).includes('waiting'));
  child.kill('SIGINT');
  const again = setInterval(() => child.kill('SIGINT'), 200);
  const { signal, err } = await ended;
  clearInterval(again);
  expect(signal).toBe('SIGINT');
  expect(err).toMatch(/Ctrl-C once more ends it at once/);
});
