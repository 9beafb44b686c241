/** What cannot be loaded is said, and can be tried again: a file of each kind. Every file in every way is in loading.long.test.ts. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSite, type Site } from './browser.ts';
import { builtFiles, filesLoaded, loadWithout, outcomeOf, type Way } from './loading.ts';

/** The one that has data to fetch, and one that begins in half the time. */
const digits = '#/digits?trainSize=200&epochs=20';
const plane = '#/plane?points=30&iterations=100';
let site: Site;
const loaded: Record<string, string[]> = {};
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

test('it is known of every file of the build what the page does without it', async () => {
  const files = await builtFiles();
  expect(files.filter(file => outcomeOf(file) === undefined)).toEqual([]);
  for (const scene of [digits, plane]) {
    const found = await filesLoaded(site, scene);
    expect(found.filter(file => file && !files.includes(file))).toEqual([]);
    loaded[scene] = found;
  }
});

/** A kind of file, the way in which it is tried here, and the scene. */
const kinds: readonly (readonly [RegExp, Way, string])[] = [
  [/^assets\/index-.*\.js$/, 'missing', plane],
  [/^assets\/Scene-.*\.js$/, 'broken off', plane],
  [/^assets\/worker-.*\.js$/, 'broken off', plane],
  [/^mnist\.bin$/, 'slow', digits],
  [/\.wasm$/, 'missing', plane],
];

test.each(kinds)('%s: %s', async (kind, way, scene) => {
  const file = loaded[scene]?.find(name => kind.test(name));
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
  await page.goto(site.url + plane);
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
  // long enough that it is met in training
  await page.goto(`${site.url}#/digits?trainSize=1000&epochs=200`);
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
  await expect.poll(() => page.getByTestId('readout').first().textContent(), { timeout: 600_000 }).toMatch(/^epoch \d/);
  await page.close();
});
