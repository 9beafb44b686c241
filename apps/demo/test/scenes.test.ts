/** What holds for every page: the home page, and each scene that it leads to. `npm run test:long` also looks at scenes at rest, and at all of them in forced colors. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSite, type Site } from './browser.ts';
import { goodShift, screens, shiftsOf } from './shifts.ts';
import { isSound, isSoundInForcedColors } from './sound.ts';

let site: Site;
let page: Page;
let complaints: string[];
const foreign: string[] = [];
beforeAll(async () => {
  site = await openSite();
  ({ page, complaints } = await site.open(''));
  page.on('request', request => {
    if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(site.url)) foreign.push(request.url());
  });
});
afterAll(() => site?.close());

const patience = { timeout: 600_000, interval: 50 };
const all = process.env.CASES === 'all';

test('the home page leads to every scene, and is open to everyone', async () => {
  expect(await page.locator('main li').count()).toBeGreaterThan(0);
  await isSound(page);
  await isSoundInForcedColors(page);
  expect(await page.title()).toMatch(/playground/);
});

test('every scene trains, is open to everyone, and asks nobody else for anything', async () => {
  const links = await page.locator('main li a').evaluateAll(all => all.map(a => a.getAttribute('href') ?? ''));
  for (const link of links) {
    await page.evaluate(hash => location.assign(hash), link);
    await page.getByRole('button', { name: 'Train', exact: true }).waitFor();
    expect(await page.title()).not.toMatch(/^keepprob/);
    // a new page is read from its heading on
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName), patience).toBe('H1');
    if (all) await isSound(page);
    await page.setViewportSize({ width: 1360, height: 900 });
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await expect
      .poll(() => page.getByTestId('readout').first().textContent(), patience)
      .toMatch(/^(epoch|iteration|keep\.prob|round) [\d.,]+: /);
    // a short run may have ended by now
    await page.evaluate(() => {
      for (const button of document.querySelectorAll('button')) if (button.textContent === 'Pause') button.click();
    });
    await isSound(page);
    if (all || link === links[0]) await isSoundInForcedColors(page);
  }
  expect(foreign).toEqual([]);
  expect(complaints).toEqual([]);
});

test.each(['', '#/digits?trainSize=200&epochs=20'])(
  'nothing moves by itself while “%s” comes to a phone',
  async hash => {
    expect(await shiftsOf(site, hash, screens.phone)).toBeLessThan(goodShift);
  },
);

test('an address that there is not is said', async () => {
  await page.evaluate(() => location.assign('#/nowhere'));
  await expect.poll(() => page.locator('.unknown').textContent(), patience).toMatch(/no experiment called “nowhere”/);
});
