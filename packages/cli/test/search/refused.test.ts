/** What is refused before a search begins, with which message, and that nothing is written then. */
import { mkdir, readdir } from 'node:fs/promises';
import { readSpace } from '@keepprob/search';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { config, iris, keepProb, strength } from '../support/iris.ts';
import { newProject, type Project } from '../support/program.ts';

let project: Project;
beforeAll(async () => {
  project = await newProject({ packages: true });
  await project.write('iris.csv', iris(45));
  await project.write('iris.json', config);
  await project.write('saved.json', { ...config, model: 'm.json' });
  await project.write('made.mjs', 'export default () => ({});');
  await mkdir(`${project.folder}/run`);
  await project.write('run/log.csv', 'epoch,step\n');
});
afterAll(() => project.remove());

test('--help says what there is, with an example that has spaces', async () => {
  const { code, out } = await project.start('search', '--help').ended;
  expect(code).toBe(0);
  for (const option of 'workers db units trials max-time resume out seed backend progress report'.split(' '))
    expect(out).toMatch(new RegExp(`^  --${option}\\b`, 'm'));
  expect(out).toMatch(/Exit codes: 0 it has a result; 1 it failed; 2 /);
  const example = JSON.parse(/^ {2}\{\n[\s\S]*?^ {2}\}$/m.exec(out)?.[0] ?? '');
  expect(readSpace(example).dimensions.map(({ name }) => name)).toEqual(['model[1].keepProb', 'plugins[0].strength']);
  await project.write('example.json', { ...config, ...example, data: config.data });
  expect((await project.run('search', 'example.json', '--out', 'iris.csv/x', '--backend', 'cpu')).err).toMatch(/--out/);
  expect((await project.run('--help')).out).toMatch(/search \[options\] \[config\]/);
});

const [dense, , last] = config.model;
const modelWith = (layer: object): object => ({ model: [dense, layer, last] });
const searchWith = (search: object): object => ({ search: { ...config.search, ...search } });
const bounds = (low: number, high: number): object => ({ layer: 'dropout', keepProb: { ...keepProb, low, high } });

describe('is refused', () => {
  test.each<[string, object, RegExp]>([
    [
      'no space',
      { ...modelWith({ layer: 'dropout', keepProb: 0.5 }), plugins: [] },
      /^bad\.json: readSpace: the config holds no space/,
    ],
    ['bounds out of order', modelWith(bounds(0.9, 0.3)), /^bad\.json: model\[1\]\.keepProb: expected low < high\./],
    ['a keepProb of more than 1', modelWith(bounds(0.9, 3)), /^bad\.json: model\[1\]\.keepProb: .*`high`/],
    [
      'an unknown space',
      modelWith({ layer: 'dropout', keepProb: { space: 'keepprob', low: 0.3, high: 1 } }),
      /^bad\.json: model\[1\]\.keepProb: unknown space "keepprob"\. Did you mean "keepProb"\?/,
    ],
    [
      'a value of a space that a layer does not take',
      modelWith({ layer: 'dropout', keepProb: { space: 'float', low: 0.3, high: 2 } }),
      /^bad\.json: model\[1\]: .*`keepProb`/,
    ],
    [
      'a value of a space that the config does not take',
      { epochs: { space: 'float', low: 1.5, high: 4 } },
      /^bad\.json: invalid value for option `epochs`\. Expected an integer ≥ 1\. Received: 1\.5/,
    ],
    [
      'one value of a choice among plugins',
      { plugins: [{ plugin: { space: 'choice', of: ['l2', 'l3'] }, strength: 1e-3 }] },
      /^bad\.json: plugins\[0\]: there is no plugin "l3"/,
    ],
    ['an unknown metric', searchWith({ metric: 'valAcuracy' }), /`search\.metric`.*valAccuracy/],
    ['a metric of training rows', searchWith({ metric: 'loss' }), /`search\.metric`/],
    [
      'an unknown key',
      searchWith({ trails: 3 }),
      /^bad\.json: search: unknown option `trails`\. Did you mean `trials`\?/,
    ],
    [
      'an unknown sampler',
      searchWith({ sampler: 'tpa' }),
      /search\.sampler: there is no sampler "tpa"\. Did you mean "tpe"/,
    ],
    ['a wrong option of folds', searchWith({ folds: { kFold: { k: 1 } } }), /search\.folds: kFold: .*`k`/],
    ['more folds than rows', searchWith({ folds: { kFold: { k: 46, stratify: false } } }), /there are 45 rows/],
    [
      'more folds than the rarest class',
      searchWith({ folds: { kFold: { k: 16 } } }),
      /the rarest class, 0, is in 15 rows/,
    ],
    [
      'an unknown way to split for outer folds',
      searchWith({ nested: 'kfold' }),
      /search\.nested: .*Did you mean "kFold"/,
    ],
    [
      'more folds than the training rows of an outer fold have of the rarest class',
      searchWith({ folds: { kFold: { k: 9 } }, nested: { kFold: { k: 2 } } }),
      /^bad\.json: search\.nested: kFold: .*the rarest class, \d, is in [78] rows/,
    ],
    [
      'a space in data',
      { data: { ...config.data, scale: { space: 'choice', of: ['unit'] } } },
      /data: expected no space/,
    ],
    ['an unknown scale', { data: { ...config.data, scale: 'units' } }, /`data\.scale`.*"standardize"/],
    [
      'one name for two spaces',
      { epochs: { ...strength, share: 'x' }, batchSize: { ...keepProb, share: 'x' } },
      /"x" is one/,
    ],
    ['rows and layers that do not fit', { model: [dense, { layer: 'dense', units: strength }] }, /units/],
  ])('%s', async (_, change, message) => {
    await project.write('bad.json', { ...config, ...change });
    const before = await readdir(project.folder, { recursive: true });
    const { code, err } = await project.run('search', 'bad.json', '--backend', 'cpu', '--progress', 'none');
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
    expect(code).toBe(2);
    expect(await readdir(project.folder, { recursive: true })).toEqual(before);
  });

  test.each<[string, string[], RegExp]>([
    ['no config', [], /missing required argument 'config'/],
    ['a config beside --report', ['iris.json', '--report', '.'], /--report takes the folder alone/],
    ['a folder without a search', ['--report', 'none'], /^none holds no search/],
    ['a time without a unit', ['iris.json', '--max-time', '90'], /Expected a time such as 90s/],
    ['a file as the folder', ['iris.json', '--out', 'iris.csv'], /`--out`\. Expected a folder that can be made/],
    ['no workers', ['iris.json', '--workers', '0'], /Expected an integer ≥ 1\./],
    ['a config that is a function', ['made.mjs'], /a search takes a config that JSON can hold/],
    ['units without a database', ['iris.json', '--units', '3'], /--units goes with --db; without it, --workers says/],
    ['what is no address', ['iris.json', '--db', 'postgres'], /`db`\. Expected postgres:\/\/user:password@host/],
    [
      'a saved model for other machines',
      ['saved.json', '--db', 'redis://127.0.0.1:1'],
      /a saved model \(m\.json\) is not sent/,
    ],
    [
      'the folder of a run',
      ['iris.json', '--out', 'run'],
      /run holds run\/log\.csv, which does not belong to a search/,
    ],
  ])('%s', async (_, args, message) => {
    const before = await readdir(project.folder, { recursive: true });
    const { code, err } = await project.run('search', ...args);
    expect(err).toMatch(message);
    expect(code).toBe(2);
    expect(await readdir(project.folder, { recursive: true })).toEqual(before);
  });
});

describe('over a database', () => {
  const far = ['iris.json', '--backend', 'cpu', '--progress', 'none', '--db'];

  test('one that cannot be reached ends the search before anything is written, and shows no password', async () => {
    const before = await readdir(project.folder, { recursive: true });
    const { code, err } = await project.run('search', ...far, 'redis://user:secret@127.0.0.1:1');
    expect(err).toMatch(/^redis:\/\/127\.0\.0\.1:1 cannot be used: connect ECONNREFUSED/);
    expect(err).not.toMatch(/secret|\n\s+at /);
    expect(code).toBe(1);
    expect(await readdir(project.folder, { recursive: true })).toEqual(before);
  });

  test.each<[string, string[], RegExp, number]>([
    ['no address', [], /required option '--db <url>' not specified/, 2],
    ['another address', ['--db', 'mysql://user:secret@host'], /`db`\. Expected postgres:.* Received: "mysql:…"/, 2],
    [
      'a database that is not there',
      ['--db', 'postgres://127.0.0.1:1/x'],
      /^postgres:\/\/127\.0\.0\.1:1\/x cannot be/,
      1,
    ],
    ['no workers', ['--db', 'redis://127.0.0.1:1', '--workers', '0'], /Expected an integer ≥ 1\./, 2],
  ])('a worker is refused %s', async (_, args, message, exit) => {
    const { code, err } = await project.run('worker', ...args);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/secret|\n\s+at /);
    expect(code).toBe(exit);
  });
});

test('train says what a config with the key `search` is for', async () => {
  const { code, err } = await project.run('train', 'iris.json');
  expect(err).toMatch(/^iris\.json: option `search` is for a search\. Run npx keepprob search iris\.json and train/);
  expect(code).toBe(2);
});
