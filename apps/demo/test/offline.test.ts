/** The page without a connection, and when there is a newer one. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromiumOptions } from '../../../chromium.shared.ts';
import { filesOf } from '../scripts/offline.ts';
import { scenes as every } from './addresses.ts';
import { root } from './browser.ts';
import { type StaticHost, staticHost } from './static.ts';

/** `npm test` opens the scene that fetches data, and one more; `npm run test:long` all of them. */
const scenes = process.env.CASES === 'all' ? every : every.slice(0, 2);

let folder: string;
let host: StaticHost;
let browser: Browser;
let page: Page;
const failures: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keepprob-static-'));
  await cp(join(root, 'dist'), folder, { recursive: true });
  host = await staticHost(folder);
  browser = await chromium.launch(chromiumOptions);
  page = await browser.newPage({ reducedMotion: 'reduce' });
  page.on('pageerror', error => failures.push(String(error)));
});
afterAll(async () => {
  await browser?.close();
  await host?.stop();
  await rm(folder, { recursive: true, force: true });
});

const patience = { timeout: 600_000, interval: 50 };
const build = (): Promise<string | null> => page.locator('meta[name=description]').getAttribute('content');

test('the service worker keeps every file of the build, each by its content', async () => {
  const worker = await readFile(join(folder, 'sw.js'), 'utf8');
  const files = (await filesOf(folder)).filter(({ url }) => !url.startsWith('program-'));
  expect(files.map(({ url }) => url)).toEqual(expect.arrayContaining(['index.html', 'mnist.bin', 'icon.svg']));
  for (const { url, revision } of files) {
    expect(worker).toContain(`"${url}"`);
    if (revision) expect(worker).toContain(revision);
    else expect(url).toMatch(/^assets\/.*-[\w-]{8}\.\w+$/);
  }
});

test('after one visit, home and its scenes work with the server gone, on threads', async () => {
  await page.goto(host.url);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state), patience).toBe('activated');
  // a static host sends no headers for it
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await host.stop();
  await page.reload();
  expect(await page.locator('main li').count()).toBe(every.length);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  for (const scene of scenes) {
    await page.evaluate(hash => location.assign(hash), scene);
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await expect
      .poll(() => page.getByTestId('status').getAttribute('data-phase'), { ...patience, message: scene })
      .toMatch(/running|done/);
    expect(await page.getByTestId('runtime').textContent()).toMatch(/WebAssembly with the kernels/);
  }
  expect(failures).toEqual([]);
});

test('a newer build waits whole until it is asked for', async () => {
  const older = await build();
  const index = join(folder, 'index.html');
  await writeFile(index, (await readFile(index, 'utf8')).replace(older!, 'A newer build.'));
  const worker = join(folder, 'sw.js');
  const revision = /"index\.html","?revision"?:"(\w+)"/.exec(await readFile(worker, 'utf8'))?.[1] ?? '';
  expect(revision).not.toBe('');
  await writeFile(worker, (await readFile(worker, 'utf8')).replace(revision, 'f'.repeat(16)));
  await host.start();
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await page.getByText('A newer version of this page is ready.').waitFor();
  await page.reload();
  expect(await build()).toBe(older);
  await page.getByRole('button', { name: 'Load it' }).click();
  await expect.poll(build, patience).toBe('A newer build.');
  await host.stop();
  await page.reload();
  expect(await build()).toBe('A newer build.');
});
