/**
 * `@keepprob/kernels` where users have it: from every bundler without a line of configuration for it, from a script tag, in a worker,
 * in Node. Its binaries are in its JavaScript; those of TF.js are served at /wasm/, as TF.js asks.
 */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as esbuild } from 'esbuild';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import webpack from 'webpack';
import { run } from './project.ts';
import { openBrowser, serve, visit } from './site.ts';

const vite = createRequire(import.meta.url)
  .resolve('vite/package.json')
  .replace('package.json', 'bin/vite.js');
const sources = fileURLToPath(new URL('./bundlers/', import.meta.url));

/** What a program of `bundlers/` has left: the report of `install()`, once every number was right, or what went wrong. */
interface Outcome {
  readonly error?: string;
  readonly report?: object;
}

const project = inject('installed');
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

/** A folder of the project with the user's program in it, and a page with this in its head. */
async function app(name: string, head: string): Promise<string> {
  const folder = join(project, name);
  await cp(sources, folder, { recursive: true });
  await writeFile(join(folder, 'index.html'), `<!doctype html>\n<html><head>${head}</head><body></body></html>\n`);
  return folder;
}

/** Serves the folder, with TF.js' binaries beside it, and opens the page; anything that the page complains of is an error. */
async function outcomeOf(folder: string, { path = '', isolated = false } = {}): Promise<Outcome> {
  const mounts = { '/wasm/': join(project, 'node_modules/@tensorflow/tfjs-backend-wasm/dist/') };
  const site = await serve(folder, { mounts, isolated });
  try {
    const { result, complaints } = await visit<Outcome>(browser, site.url + path);
    return complaints.length > 0 ? { error: [result.error, ...complaints].join('\n') } : result;
  } finally {
    site.close();
  }
}

/** What the program leaves; it asks for two threads where memory is shared. */
const installed = (threads: 1 | 2 = 1) => ({
  report: {
    installed: true,
    backend: 'wasm',
    active: true,
    build: expect.stringMatching(/^(relaxed-)?simd$/),
    kernels: expect.arrayContaining(['BatchMatMul', 'Conv2DBackpropFilter', 'KeepprobDropout']),
    threads,
  },
});

const installedOnWebGL = { report: { installed: true, backend: 'webgl', kernels: ['KeepprobDropout'] } };

/** Each builds the page for production, with what the tool does when told nothing, and gives the folder to be served. */
const bundlers: Readonly<Record<string, () => Promise<string>>> = {
  async vite() {
    const folder = await app('vite', '<script type="module" src="/page.js"></script>');
    await run(process.execPath, [vite, 'build'], folder);
    return join(folder, 'dist');
  },
  async webpack() {
    const folder = await app('webpack', '<script defer src="main.js"></script>');
    const path = join(folder, 'dist');
    await new Promise<void>((done, fail) => {
      webpack({ mode: 'production', context: folder, entry: './page.js', output: { path } }, (error, stats) => {
        if (error || stats?.hasErrors()) fail(error ?? new Error(stats?.toString('errors-only')));
        else done();
      });
    });
    await cp(join(folder, 'index.html'), join(path, 'index.html'));
    return path;
  },
  // knows nothing of workers: its users bundle theirs as an entry point
  async esbuild() {
    const folder = await app('esbuild', '<script type="module" src="page.js"></script>');
    const outdir = join(folder, 'dist');
    const entryPoints = ['page.js', 'worker.js'].map(name => join(folder, name));
    await esbuild({ entryPoints, bundle: true, minify: true, format: 'esm', outdir });
    await cp(join(folder, 'index.html'), join(outdir, 'index.html'));
    return outdir;
  },
};

describe.each(Object.entries(bundlers))('@keepprob/kernels, bundled by %s', (name, bundle) => {
  let folder: string;
  beforeAll(async () => {
    folder = await bundle();
  });

  test('runs in the page', async () => {
    expect(await outcomeOf(folder)).toMatchObject(installed());
  });

  test('runs in a module worker', async () => {
    expect(await outcomeOf(folder, { path: '?worker' })).toMatchObject(installed());
  });

  test('runs on WebGL, and needs no package of a backend that is not used', async () => {
    expect(await outcomeOf(folder, { path: '?gpu' })).toMatchObject(installedOnWebGL);
  });

  // with the other two TF.js itself does not start on shared memory: it makes threads of the text of its functions, which they have minified
  if (name !== 'esbuild') return;
  test('runs on memory shared between threads, in the page', async () => {
    expect(await outcomeOf(folder, { isolated: true })).toMatchObject(installed(2));
  });

  test('runs on memory shared between threads, in a module worker', async () => {
    expect(await outcomeOf(folder, { path: '?worker', isolated: true })).toMatchObject(installed(2));
  });
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
    await app('tag', head);
  });

  test('runs from a script tag', async () => {
    expect(await outcomeOf(project, { path: 'tag/' })).toMatchObject(installed());
  });

  test('runs from a script tag, on memory shared between threads', async () => {
    expect(await outcomeOf(project, { path: 'tag/', isolated: true })).toMatchObject(installed(2));
  });

  test('runs from a script tag on WebGL', async () => {
    expect(await outcomeOf(project, { path: 'tag/?gpu' })).toMatchObject(installedOnWebGL);
  });

  test.each([
    ['runs in Node', 'node.js', 1],
    ['runs in Node on two threads', 'nodeThreads.js', 2],
  ] as const)('%s', async (_, file, threads) => {
    const printed = await run(process.execPath, [file], await app('node', ''));
    // TF.js may have printed before
    const report: object = JSON.parse(printed.trim().split('\n').at(-1) ?? '');
    expect({ report }).toMatchObject(installed(threads));
  });

  test('runs in Node on two threads from the command line, whose flags are not for the helper', async () => {
    const folder = await app('node', '');
    const program = await readFile(join(folder, 'nodeThreads.js'), 'utf8');
    const printed = await run(process.execPath, ['--input-type=module', '-e', program], folder);
    expect({ report: JSON.parse(printed.trim().split('\n').at(-1) ?? '') }).toMatchObject(installed(2));
  });
});
