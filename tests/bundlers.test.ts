/**
 * `@keepprob/kernels` where users have it: from every bundler without a line of configuration for it, from a script tag, in a worker,
 * in Node. Its binaries are in its JavaScript; those of TF.js are served at /wasm/, as TF.js asks.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runsBundled } from './bundling.ts';
import { app, installed, installedOnWebGL, outcomeOf, type Where } from './pages.ts';
import { run } from './project.ts';
import { openBrowser } from './site.ts';
import { whenInstalled } from './whenInstalled.ts';

const project = await whenInstalled();
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());
const where = (): Where => ({ project, browser });

// bundlers.long.test.ts: webpack and esbuild
describe('@keepprob/kernels, bundled by vite', () => {
  runsBundled('vite', where);
});

describe('@keepprob/kernels, with no bundler', () => {
  // TF.js in one file; that of its WASM backend imports Node's modules, and does not use them in a browser
  const tf = '/node_modules/@tensorflow/tfjs/dist/tf.fesm.js';
  const nothing = 'data:text/javascript,export default {}';
  const imports = {
    '@tensorflow/tfjs': tf,
    '@tensorflow/tfjs-core': tf,
    '@tensorflow/tfjs-backend-wasm': '/node_modules/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.fesm.js',
    '@keepprob/core': '/node_modules/@keepprob/core/dist/index.js',
    ...Object.fromEntries(
      ['driver', 'kernels', 'layers', 'random', 'stock'].map(name => [
        `@keepprob/core/${name}`,
        `/node_modules/@keepprob/core/dist/${name}.js`,
      ]),
    ),
    ...Object.fromEntries(
      ['wasm', 'webgl', 'webgpu'].map(name => [
        `@keepprob/kernels/${name}`,
        `/node_modules/@keepprob/kernels/dist/${name}.js`,
      ]),
    ),
    'fastest-levenshtein': '/node_modules/fastest-levenshtein/esm/mod.js',
    ...Object.fromEntries(['fs', 'os', 'path', 'perf_hooks'].map(name => [name, nothing])),
  };
  const head = `<script type="importmap">${JSON.stringify({ imports })}</script><script type="module" src="page.js"></script>`;

  beforeAll(async () => {
    await app(project, 'tag', head);
  });

  test('runs from a script tag', async () => {
    expect(await outcomeOf(where(), project, { path: 'tag/' })).toMatchObject(installed());
  });

  test('runs from a script tag, on memory shared between threads', async () => {
    expect(await outcomeOf(where(), project, { path: 'tag/', isolated: true })).toMatchObject(installed(2));
  });

  test('runs from a script tag on WebGL', async () => {
    expect(await outcomeOf(where(), project, { path: 'tag/?gpu' })).toMatchObject(installedOnWebGL);
  });

  test.each([
    ['runs in Node', 'node.js', 1],
    ['runs in Node on two threads', 'nodeThreads.js', 2],
  ] as const)('%s', async (_, file, threads) => {
    const printed = await run(process.execPath, [file], await app(project, 'node', ''));
    // TF.js may have printed before
    const report: object = JSON.parse(printed.trim().split('\n').at(-1) ?? '');
    expect({ report }).toMatchObject(installed(threads));
  });

  test('runs in Node on two threads from the command line, whose flags are not for the helper', async () => {
    const folder = await app(project, 'node', '');
    const program = await readFile(join(folder, 'nodeThreads.js'), 'utf8');
    const printed = await run(process.execPath, ['--input-type=module', '-e', program], folder);
    expect({ report: JSON.parse(printed.trim().split('\n').at(-1) ?? '') }).toMatchObject(installed(2));
  });
});
