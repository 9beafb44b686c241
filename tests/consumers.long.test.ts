/** Each package installed alone, in an empty project of its own: what npm brings with it, and under pnpm what can be found. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { trainsFromTerminal } from './programs.ts';
import { install, newProject, run } from './project.ts';
import { openRegistry, type Registry } from './registry.ts';
import { typeErrors } from './typescript.ts';
import { javascript, tensorflow, uses } from './uses.ts';

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

describe.each(Object.entries(uses))('@keepprob/%s, installed alone', (name, { code, brings, needs = [] }) => {
  test('works from JavaScript and from strict TypeScript, and brings nothing that it does not need', async () => {
    const folder = await project();
    await install(folder, `@keepprob/${name}`, ...tensorflow, ...needs);
    expect(await packagesIn(folder, '@keepprob')).toEqual(brings);
    await writeFile(join(folder, 'use.mjs'), javascript(code));
    expect(await run(process.execPath, ['use.mjs'], folder)).toMatch(/trained/);
    await writeFile(join(folder, 'use.ts'), code);
    expect(await typeErrors(folder, ['use.ts'])).toEqual([]);
  });
});

test('keepprob, installed alone, trains from a terminal', async () => {
  const folder = await project();
  // without a scope, it is asked for by its address
  await install(folder, `${registry.url}keepprob.tgz`);
  expect(await packagesIn(folder, '@keepprob')).toEqual(expect.arrayContaining(['core', 'lens', 'trainer']));
  await trainsFromTerminal(folder);
  // what reaches a database is for those to install who have one
  const worker = run('npx', ['keepprob', 'worker', '--db', 'postgres://127.0.0.1:1/x'], folder);
  await expect(worker).rejects.toThrow('npm install bullmq pg');
});

test('@keepprob/kernels, installed alone, brings no backend', async () => {
  const folder = await project();
  await install(folder, '@keepprob/kernels', '@tensorflow/tfjs-core');
  expect(await packagesIn(folder, '@tensorflow')).toEqual(['tfjs-core']);
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
  const versioned = tensorflow.map(name => `${name}@4.22.0`);
  await pnpm('add', '--ignore-scripts', '@keepprob/core', '@keepprob/l2', '@keepprob/trainer', ...versioned);
  for (const name of ['l2', 'trainer']) {
    await writeFile(join(folder, 'use.mjs'), javascript(uses[name]!.code));
    expect(await run(process.execPath, ['use.mjs'], folder)).toMatch(/trained/);
  }
  expect(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))).toHaveProperty('dependencies.@keepprob/l2');
});
