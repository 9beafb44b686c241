/** A page with `@keepprob/kernels` from each bundler, without a line of configuration for it. */
import { cp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build as esbuild } from 'esbuild';
import { beforeAll, expect, test } from 'vitest';
import webpack from 'webpack';
import { app, installed, installedOnWebGL, outcomeOf, outcomeUnder, type Where } from './pages.ts';
import { run } from './project.ts';

const vite = createRequire(import.meta.url)
  .resolve('vite/package.json')
  .replace('package.json', 'bin/vite.js');

/** Each builds the page for production, with what the tool does when told nothing else, and gives the folder to be served. */
export const bundlers = {
  async vite(project: string) {
    const folder = await app(project, 'vite', '<script type="module" src="/page.js"></script>');
    await run(process.execPath, [vite, 'build'], folder);
    return join(folder, 'dist');
  },
  async webpack(project: string) {
    const folder = await app(project, 'webpack', '<script defer src="main.js"></script>');
    const path = join(folder, 'dist');
    await new Promise<void>((done, fail) => {
      const config = { mode: 'production', context: folder, entry: './page.js', output: { path } } as const;
      webpack(config, (error, stats) => {
        if (error || stats?.hasErrors()) fail(error ?? new Error(stats?.toString('errors-only')));
        else done();
      });
    });
    await cp(join(folder, 'index.html'), join(path, 'index.html'));
    return path;
  },
  // knows nothing of workers: its users bundle theirs as an entry point
  async esbuild(project: string) {
    const folder = await app(project, 'esbuild', '<script type="module" src="page.js"></script>');
    const outdir = join(folder, 'dist');
    const entryPoints = ['page.js', 'worker.js'].map(name => join(folder, name));
    await esbuild({ entryPoints, bundle: true, minify: true, format: 'esm', outdir });
    await cp(join(folder, 'index.html'), join(outdir, 'index.html'));
    return outdir;
  },
};

/** The laws of one bundler, on the project and the browser that `open` gives. */
export function runsBundled(name: keyof typeof bundlers, open: () => Where): void {
  let folder: string;
  beforeAll(async () => {
    folder = await bundlers[name](open().project);
  });

  test('runs in the page', async () => {
    expect(await outcomeOf(open(), folder)).toMatchObject(installed());
  });

  test('runs in a module worker', async () => {
    expect(await outcomeOf(open(), folder, { path: '?worker' })).toMatchObject(installed());
  });

  test('runs on WebGL, and needs no package of a backend that is not used', async () => {
    expect(await outcomeOf(open(), folder, { path: '?gpu' })).toMatchObject(installedOnWebGL);
  });

  // with the other two TF.js itself does not start on shared memory: it makes threads of the text of its functions, which they have minified
  if (name !== 'esbuild') return;
  test('runs on memory shared between threads, in the page', async () => {
    expect(await outcomeOf(open(), folder, { isolated: true })).toMatchObject(installed(2));
  });

  test.each(["script-src 'self' 'wasm-unsafe-eval'", "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:"])(
    'where TF.js waits for threads that may not start, it says what to do: %s',
    async policy => {
      const { error } = await outcomeUnder(policy, open(), folder, '?starting');
      expect(error).toMatch(/KernelsError.*Content-Security-Policy forbids.*blob:.*WASM_HAS_MULTITHREAD_SUPPORT/);
    },
  );

  test('as it said: on one thread it runs where threads may not start', async () => {
    const policy = "script-src 'self' 'wasm-unsafe-eval'";
    expect(await outcomeUnder(policy, open(), folder, '?oneThread')).toMatchObject(installed());
  });

  test('is not kept from threads that may start', async () => {
    const policy = "script-src 'self' 'wasm-unsafe-eval' blob:";
    expect(await outcomeUnder(policy, open(), folder, '?starting')).toMatchObject(installed(2));
  });

  test('runs on memory shared between threads, in a module worker', async () => {
    expect(await outcomeOf(open(), folder, { path: '?worker', isolated: true })).toMatchObject(installed(2));
  });
}
