/** The built site: open to everyone, at home on a phone and in the dark, searchable without a network, and without a dead link. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, type Site, serve } from '../../../tests/site.ts';

const docs = fileURLToPath(new URL('..', import.meta.url));
const dist = join(docs, 'dist');
const looked = [
  '',
  'guides/stock-fit',
  'guides/trainer',
  'guides/without-a-bundler',
  'guides/keras-and-pytorch',
  'guides/command-line',
  'measured/performance',
  'techniques/',
  'techniques/dropout',
  'api/core',
  'api/core-Function-definePlugin',
  'authors/doors',
  'learn/',
].map(address => (address === '' || address.endsWith('/') ? `${address}index.html` : `${address}.html`));

let site: Site;
let browser: Browser;
let page: Page;
const foreign: string[] = [];
const complaints: string[] = [];
beforeAll(async () => {
  await promisify(execFile)('npm', ['run', 'build'], { cwd: docs, shell: process.platform === 'win32' });
  site = await serve(dist);
  browser = await openBrowser();
  page = await browser.newPage();
  // ends what hangs
  page.setDefaultTimeout(600_000);
  page.on('request', request => {
    if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(site.url)) foreign.push(request.url());
  });
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', error => complaints.push(String(error)));
});
afterAll(async () => {
  await browser?.close();
  site?.close();
});

const violations = (): Promise<string[]> =>
  page.evaluate(async source => {
    if (!('axe' in window)) new Function(source)();
    const { violations } = await (Reflect.get(window, 'axe') as typeof axe).run();
    return violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html} ${node.failureSummary}`));
  }, axe.source);
const overflow = (): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const paper = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

describe.each(looked)('%s', address => {
  test('is open to everyone, in light and in dark, and fits a phone', async () => {
    const papers: string[] = [];
    for (const [colorScheme, width] of [
      ['light', 1360],
      ['dark', 360],
    ] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 800 });
      await page.goto(site.url + address);
      expect(await violations()).toEqual([]);
      expect(await overflow()).toBe(0);
      papers.push(await paper());
    }
    expect(new Set(papers).size).toBe(2);
  });
});

test('a search finds a technique', async () => {
  await page.setViewportSize({ width: 1360, height: 800 });
  await page.goto(`${site.url}index.html`);
  await page
    .getByRole('button', { name: /search/i })
    .first()
    .click();
  await page.getByRole('searchbox').fill('maxNorm');
  await page.locator('.result').first().waitFor();
  const found = await page.locator('.result').evaluateAll(all => all.map(a => a.getAttribute('href') ?? ''));
  expect(found.some(href => href.includes('/techniques/maxNorm'))).toBe(true);
});

test('on a phone the sidebar opens, and leads on', async () => {
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto(`${site.url}techniques/dropout.html`);
  await page.locator('.VPLocalNav .menu').click();
  await page.locator('.VPSidebar').getByRole('link', { name: 'All techniques' }).click();
  await page.getByRole('heading', { name: 'Techniques', level: 1 }).waitFor();
  expect(await page.locator('.VPSidebar.open').count()).toBe(0);
});

test('no page asks anybody else for anything, or complains', () => {
  expect(foreign).toEqual([]);
  expect(complaints).toEqual([]);
});

test('llms.txt leads to the pages', async () => {
  const text = await readFile(join(dist, 'llms.txt'), 'utf8');
  expect(text).toMatch(/guides\/stock-fit\.md/);
  expect(text).toMatch(/techniques\/dropout\.md/);
});

test('the API of a technique is the page of its export', async () => {
  const html = await readFile(join(dist, 'techniques/dropout.html'), 'utf8');
  expect(html).toMatch(/href="\/api\/dropout-\w+-dropout\.html"/);
});

test('every picture has a size, so that nothing moves when it comes', async () => {
  const files = (await readdir(dist, { recursive: true })).filter(file => file.endsWith('.html'));
  const pictures = await Promise.all(
    files.map(async file =>
      [...(await readFile(join(dist, file), 'utf8')).matchAll(/<img [^>]*>/g)].map(([tag]) => tag),
    ),
  );
  expect(pictures.flat().length).toBeGreaterThan(50);
  expect(pictures.flat().filter(tag => !/ width="\d+"/.test(tag) || !/ height="\d+"/.test(tag))).toEqual([]);
});

test('every link leads to a page and a place on it', async () => {
  const files = (await readdir(dist, { recursive: true })).filter(file => file.endsWith('.html'));
  const pages = new Map(
    await Promise.all(
      files.map(async file => [file.replaceAll('\\', '/'), await readFile(join(dist, file), 'utf8')] as const),
    ),
  );
  const ids = new Map([...pages].map(([file, html]) => [file, new Set(html.match(/(?<= id=")[^"]+/g))]));
  const faultOf = (from: string, href: string): string | undefined => {
    const [address = '', anchor = ''] = href.replaceAll('&amp;', '&').split('#');
    if (/^[a-z]+:/.test(address) || /^\/(assets|playground)\//.test(address)) return undefined;
    const path = address.startsWith('/') ? address.slice(1) : posix.join(dirname(from), address);
    const file = address === '' ? from : path.replace(/(^|\/)$/, '$1index.html');
    const known = ids.get(file) ?? ids.get(`${file}.html`);
    if (!known) return `${from}: ${href}`;
    return anchor === '' || known.has(decodeURIComponent(anchor)) ? undefined : `${from}: ${href}`;
  };
  const links = [...pages].flatMap(([file, html]) =>
    [...html.matchAll(/<a [^>]*href="([^"]+)"/g)].map(([, href = '']) => [file, href] as const),
  );
  expect(links.length).toBeGreaterThan(1000);
  expect([...new Set(links.flatMap(([file, href]) => faultOf(file, href) ?? []))]).toEqual([]);
});
