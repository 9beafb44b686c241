/**
 * From an empty folder to a first result, as each of three people does it, from the packages as they are packed; the commands are those of the guides. It prints
 * how many commands and seconds that took, which docs/performance.md has: `npm run test:long -- firstSteps`. The second time, npm has all in its cache.
 */
import { copyFile, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createdBy } from './create.ts';
import { printed, shown } from './guide.ts';
import { listening, saidIn } from './pageSaid.ts';
import { npmrc, run } from './project.ts';
import { openRegistry, type Registry } from './registry.ts';
import { openBrowser, serve } from './site.ts';

let registry: Registry;
let browser: Browser;
const folders: string[] = [];
const rows: string[] = [];
beforeAll(async () => {
  registry = await openRegistry();
  browser = await openBrowser();
});
afterAll(async () => {
  await registry?.close();
  await browser?.close();
  for (const folder of folders) await rm(folder, { recursive: true });
  console.log(['| who | commands | seconds |', '|---|---|---|', ...rows].join('\n'));
});

/** A folder in which nothing is but the word where our packages are. */
async function emptyFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'keepprob-first-')));
  folders.push(folder);
  await writeFile(join(folder, '.npmrc'), npmrc(registry));
  return folder;
}

/** Runs the commands one after the other and notes what they took; gives what the last one said. */
async function took(who: string, ...commands: readonly (() => Promise<string>)[]): Promise<string> {
  const begun = performance.now();
  let said = '';
  for (const command of commands) said = await command();
  rows.push(`| ${who} | ${commands.length} | ${((performance.now() - begun) / 1000).toFixed(0)} |`);
  return said;
}

const guideAt = (path: string): Promise<string> => readFile(new URL(`../${path}`, import.meta.url), 'utf8');
/** Without a scope, our package is asked for by its address. */
const keepprob = (): string => `${registry.url}keepprob.tgz`;
const npx = (folder: string, ...args: readonly string[]): Promise<string> =>
  run('npx', ['--yes', '--package', keepprob(), 'keepprob', ...args], folder);
const npm = (folder: string, ...args: readonly string[]): Promise<string> => run('npm', args, folder);

test('a web developer: a page with script tags', async () => {
  const folder = await emptyFolder();
  const page = shown(await guideAt('docs/in-a-page.md'), 'Script tags', 'html');
  await writeFile(join(folder, 'index.html'), `<!doctype html>\n${listening}${page}`);
  const said = await took(
    'a web developer: `npm install`, and a page that trains in WebAssembly',
    () => npm(folder, 'install', keepprob(), '@tensorflow/tfjs@4.22.0', '@tensorflow/tfjs-backend-wasm@4.22.0'),
    async () => {
      const site = await serve(folder);
      return saidIn(browser, site.url).finally(() => site.close());
    },
  );
  expect(said).toMatch(/^loss \d/);
});

test('a web developer: a program in Node', async () => {
  const folder = await emptyFolder();
  const guide = await guideAt('apps/docs/pages/guides/in-node.md');
  await writeFile(join(folder, 'first.mjs'), shown(guide, 'In Node, Bun and Deno', 'js'));
  const names = ['core', 'dropout', 'l2'].map(name => `@keepprob/${name}`);
  const said = await took(
    'a web developer: `npm install`, and a program in Node',
    () => npm(folder, 'install', '@tensorflow/tfjs@4.22.0', ...names),
    () => run(process.execPath, ['first.mjs'], folder),
  );
  expect(said).toMatch(printed(guide, 'In Node, Bun and Deno'));
});

test('a student: from a table to a trained model', async () => {
  const folder = await emptyFolder();
  await copyFile(fileURLToPath(new URL('../datasets/data/iris.csv', import.meta.url)), join(folder, 'iris.csv'));
  const said = await took(
    'a student: `npx keepprob init`, `npx keepprob train`',
    () => npx(folder, 'init', 'iris.csv'),
    () => npx(folder, 'train', 'iris.json', '--progress', 'none'),
  );
  expect(said).toMatch(/^trained /m);
});

test('an author of plugins: a plugin that passes the conformance kit', async () => {
  const folder = await emptyFolder();
  const said = await took('an author of plugins: `npm create @keepprob/plugin`', () => createdBy(folder, 'smooth-l1'));
  expect(said).toMatch(/Tests +\d+ passed \(\d+\)/);
});
