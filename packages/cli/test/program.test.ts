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
  const { code, out } = await project.start('train', '--help').ended;
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
  const data = { ...config.data, label: 'plce' };
  test.each<[string, string[], object, RegExp]>([
    ['an unknown option', ['circles.json', '--sed', '3'], {}, /unknown option '--sed'\n\(Did you mean --seed\?\)/],
    ['a seed of words', ['circles.json', '--seed', 'x'], {}, /argument 'x' is invalid\. Expected an integer ≥ 0\./],
    ['another backend', ['circles.json', '--backend', 'gpu'], {}, /Allowed choices are wasm, cpu\./],
    ['no config', [], {}, /missing required argument 'config'/],
    ['threads of workers', ['circles.json', '--workers', '2', '--threads', '2'], {}, /exclude each other/],
    ['a file that is not there', ['none.json'], {}, /^none\.json: no such file\.$/m],
    ['an unknown key', ['bad.json'], { epoch: 3 }, /^bad\.json: unknown option `epoch`\. Did you mean `epochs`\?/],
    ['a column of none', ['bad.json'], { data }, /^circles\.csv: expected a column "plce"\. .* Did you mean "place"\?/],
    [
      'data of another shape',
      ['bad.json'],
      { model: [{ layer: 'dense', units: 3 }] },
      /^bad\.json: model: expected a last layer of 2 units, .* \(inside, outside\)\. Received: 3 units, 2 classes\.$/m,
    ],
  ])('%s', async (_, args, change, message) => {
    await project.write('bad.json', { ...config, ...change });
    const before = await readdir(project.folder, { recursive: true });
    const { code, err } = await project.run('train', ...args);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
    expect(code).toBe(2);
    expect(await readdir(project.folder, { recursive: true })).toEqual(before);
  });
});

test('whoever reads its output may leave: what there is to do is done', async () => {
  await project.write('long.json', { ...config, epochs: 10 });
  const args = ['train', 'long.json', '--out', 'unread', '--backend', 'cpu', '--progress', 'lines'];
  const { child, ended } = project.start(...args);
  child.stdout?.once('data', () => child.stdout?.destroy());
  expect(await ended).toMatchObject({ code: 0, signal: null });
  expect(await readdir(`${project.folder}/unread`)).toEqual(expect.arrayContaining(['model.json', 'weights.bin']));
  expect((await project.text('unread/log.csv')).trim().split('\n')).toHaveLength(1 + 10);
});

test('a closed stderr keeps no run from being saved', async () => {
  await project.write('longer.json', { ...config, epochs: 100_000 });
  const args = ['train', 'longer.json', '--out', 'unheard', '--backend', 'cpu', '--progress', 'lines'];
  const { child, ended } = project.start(...args);
  child.stderr?.destroy();
  // it says there that it was interrupted
  child.stdout?.once(
    'data',
    () => void until(async () => (await project.text('unheard/log.csv')) !== '').then(() => child.kill('SIGINT')),
  );
  expect(await ended).toMatchObject({ code: 130, signal: null });
  expect(await readdir(`${project.folder}/unheard`)).toContain('model.json');
});

test.each<[string, string[], RegExp]>([
  [
    'train, below a file',
    ['train', 'circles.json', '--out', 'circles.csv/run'],
    /`--out`\. Expected a folder that can be made/,
  ],
  [
    'train, in a file',
    ['train', 'circles.json', '--force', '--out', 'circles.csv'],
    /`--out`\. Expected a folder that can be made/,
  ],
  ['doctor, in a folder', ['doctor', 'none.json', '--out', '.'], /`--out`\. Expected a file in a folder that is there/],
  [
    'doctor, in no folder',
    ['doctor', 'none.json', '--json', 'no/x.json'],
    /`--json`\. Expected a file in a folder that is there/,
  ],
])('%s, where nothing can be written, is refused before anything happens', async (_, args, message) => {
  const before = await readdir(project.folder, { recursive: true });
  const { code, err } = await project.run(...args, '--backend', 'cpu');
  expect(err).toMatch(message);
  expect(err).not.toMatch(/\n\s+at /);
  expect(code).toBe(2);
  expect(await readdir(project.folder, { recursive: true })).toEqual(before);
});

test('words of a file do nothing to the terminal', async () => {
  await project.write('odd.json', { ...config, '\u001B[2J': 1 });
  const { code, err } = await project.run('train', 'odd.json');
  expect(code).toBe(2);
  expect(err).toContain('unknown option `\\x1b[2J`');
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
  expect(err).toMatch(/press Ctrl-C again to end at once/);
});
