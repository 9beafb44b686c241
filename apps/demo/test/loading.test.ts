/** What cannot be loaded is said, and can be tried again: a file of each kind. Every file in every way is in loading.long.test.ts. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSite, type Site } from './browser.ts';
import { builtFiles, filesLoaded, loadWithout, outcomeOf, type Way } from './loading.ts';

const scene = '#/digits?trainSize=200&epochs=20';
let site: Site;
let loaded: string[] = [];
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

test('it is known of every file of the build what the page does without it', async () => {
  loaded = await filesLoaded(site, scene);
  const files = await builtFiles();
  expect(files.filter(file => outcomeOf(file) === undefined)).toEqual([]);
  expect(loaded.filter(file => file && !files.includes(file))).toEqual([]);
});

/** A kind of file, and the ways in which it is tried here. */
const kinds: readonly (readonly [RegExp, ...Way[]])[] = [
  [/^assets\/index-.*\.js$/, 'missing'],
  [/^assets\/Scene-.*\.js$/, 'broken off'],
  [/^assets\/Scene-.*\.css$/, 'missing'],
  [/^assets\/worker-.*\.js$/, 'broken off'],
  [/^mnist\.bin$/, 'missing', 'slow'],
  [/\.wasm$/, 'missing'],
];

test.each(kinds.flatMap(([kind, ...ways]) => ways.map(way => [kind, way] as const)))('%s: %s', async (kind, way) => {
  const file = loaded.find(name => kind.test(name));
  expect(file, 'a file of this kind').toBeDefined();
  expect(await loadWithout(site, scene, file!, way)).toBe(outcomeOf(file!));
});

test('where the server allows no shared memory, one thread trains, and the page says so', async () => {
  const { page } = await site.open('about:blank');
  await page.route(site.url, async route => {
    const response = await route.fetch();
    const { 'cross-origin-opener-policy': _, 'cross-origin-embedder-policy': __, ...headers } = response.headers();
    await route.fulfill({ response, headers });
  });
  await page.goto(site.url + scene);
  expect(await page.evaluate(() => 'SharedArrayBuffer' in globalThis)).toBe(false);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect
    .poll(() => page.getByTestId('runtime').textContent(), { timeout: 600_000 })
    .toMatch(/kernels of @keepprob\/kernels, one thread/);
  await page.close();
});

test('a worker that dies in silence is missed, and another one takes its place', async () => {
  const { page } = await site.open('about:blank');
  await page.clock.install();
  await page.goto(`${site.url}#/digits?trainSize=5000&epochs=200`);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  const phase = (): Promise<string | null> => page.getByTestId('status').getAttribute('data-phase');
  await expect.poll(phase, { timeout: 600_000 }).toBe('running');
  await Promise.allSettled(page.workers().map(worker => worker.evaluate(() => close())));
  await expect
    .poll(
      async () => {
        await page.clock.fastForward(16_000);
        return page.getByTestId('silent').count();
      },
      { timeout: 600_000 },
    )
    .toBe(1);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect
    .poll(() => page.locator('[data-testid=table] tbody tr').count(), { timeout: 600_000 })
    .toBeGreaterThan(0);
  await page.close();
});
