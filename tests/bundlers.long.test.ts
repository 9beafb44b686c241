/** The bundler that takes half a minute. */
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

describe('@keepprob/kernels, bundled by webpack', () => {
  runsBundled('webpack', () => ({ project: installed.project, browser }));
});
