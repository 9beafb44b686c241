/**
 * What a user has after `npm install`: each package alone, from plain JavaScript and from strict TypeScript. All are installed together;
 * each program lies where nothing can be found but its package and what that brings. consumers.long.test.ts installs each alone, and runs it in a process of its own.
 */
import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shown } from './guide.ts';
import { ours, saves, trainsFromTerminal } from './programs.ts';
import { broughtBy, projectWith, run } from './project.ts';
import { typeErrors } from './typescript.ts';
import { javascript, tensorflow, uses } from './uses.ts';
import { whenInstalled } from './whenInstalled.ts';

const installed = await whenInstalled();

/** A project for each program, called as its package, with the program as use.mjs and as use.ts. */
let users: string;
beforeAll(async () => {
  users = await realpath(await mkdtemp(join(tmpdir(), 'keepprob-users-')));
  for (const [name, { code, needs = [] }] of Object.entries(uses)) {
    const folder = join(users, name);
    await projectWith(installed, [`@keepprob/${name}`, ...tensorflow, ...needs], folder);
    await writeFile(join(folder, 'use.mjs'), javascript(code));
    await writeFile(join(folder, 'use.ts'), code);
  }
});
afterAll(() => rm(users, { recursive: true }));

/** What each program printed, by its package. One process runs them all: TensorFlow.js is one in it, and what is ours is each program's own copy. */
let printed: Readonly<Record<string, readonly string[]>>;
beforeAll(async () => {
  const all = `
const printed = {};
const { log } = console;
for (const name of ${JSON.stringify(Object.keys(uses))}) {
  const said = (printed[name] = []);
  console.log = (...words) => void said.push(words.join(' '));
  await import('./' + name + '/use.mjs').catch(error => said.push(error.stack));
}
log(JSON.stringify(printed));
`;
  await writeFile(join(users, 'all.mjs'), all);
  const [last = ''] = (await run(process.execPath, ['all.mjs'], users)).trim().split('\n').slice(-1);
  printed = JSON.parse(last);
});

test('npm installs one TensorFlow.js: there is no nested copy anywhere', async () => {
  const files = await readdir(join(installed, 'node_modules'), { recursive: true });
  const manifests = files.filter(path => /@tensorflow.tfjs-core.package\.json$/.test(path));
  expect(manifests).toEqual([join('@tensorflow', 'tfjs-core', 'package.json')]);
});

describe.each(Object.entries(uses))('@keepprob/%s, alone', (name, { brings }) => {
  test('ships what it should, and brings nothing that it does not need', async () => {
    expect(ours(await broughtBy(installed, [`@keepprob/${name}`]))).toEqual(brings);
    const shipped = await readdir(join(installed, 'node_modules/@keepprob', name));
    expect(shipped).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist', 'package.json', 'src']));
  });

  test('works from JavaScript', () => expect(printed[name]?.at(-1)).toBe('trained'));
});

describe('from strict TypeScript', () => {
  let errors: readonly string[];
  beforeAll(async () => {
    errors = await typeErrors(
      users,
      Object.keys(uses).map(name => `${name}/use.ts`),
    );
  });

  test.each(Object.keys(uses))('@keepprob/%s works', name => {
    expect(errors.filter(error => error.startsWith(`${name}/`))).toEqual([]);
  });

  test('no other file is wrong', () => expect(errors).toEqual([]));
});

test('@keepprob/trainer in Node: checkpoints in a directory, and a worker', () => saves(join(users, 'trainer')));

test('a CommonJS module requires what is an ES module, as the guide prints it', async () => {
  const guide = await readFile(new URL('../apps/docs/pages/guides/in-node.md', import.meta.url), 'utf8');
  await writeFile(join(installed, 'first.cjs'), shown(guide, 'ES modules, and require', 'cjs'));
  expect(await run(process.execPath, ['first.cjs'], installed)).toMatch(/^true$/m);
});

test('keepprob: one package with everything, that trains from a terminal', async () => {
  const others = Object.keys(uses).filter(name => name !== 'testing');
  expect(ours(await broughtBy(installed, ['keepprob']))).toEqual(others.sort());
  await trainsFromTerminal(installed);
});

test('@keepprob/kernels brings no backend, and says so of each that is not there', async () => {
  const folder = join(users, 'no-backend');
  await projectWith(installed, ['@keepprob/kernels', '@tensorflow/tfjs-core'], folder);
  expect(await readdir(join(folder, 'node_modules/@tensorflow'))).toEqual(['tfjs-core']);
  const code = `
for (const backend of ['wasm', 'webgl', 'webgpu']) {
  const { install, uninstall } = await import('@keepprob/kernels/' + backend);
  console.log(JSON.stringify(await install({ optional: true })));
  const error = await install().catch(error => error);
  if (error.name !== 'KernelsError') throw error;
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
