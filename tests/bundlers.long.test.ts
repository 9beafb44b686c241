/** The other bundlers: webpack takes half a minute; with esbuild there are threads, and what keeps them from starting. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { runsBundled } from './bundling.ts';
import { installAll } from './installed.ts';
import { openBrowser } from './site.ts';

let installed: Awaited<ReturnType<typeof installAll>>;
let browser: Browser;
beforeAll(async () => {
  installed = await installAll();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await installed?.remove();
});

describe.each(['webpack', 'esbuild'] as const)('@keepprob/kernels, bundled by %s', name => {
  runsBundled(name, () => ({ project: installed.project, browser }));
});
