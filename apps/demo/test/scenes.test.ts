/** What holds for every page: the home page, and each scene that it leads to. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSite, type Site } from './browser.ts';

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
const violations = (): Promise<string[]> =>
  page.evaluate(async source => {
    if (!('axe' in window)) new Function(source)();
    const { violations } = await (Reflect.get(window, 'axe') as typeof axe).run();
    return violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html} ${node.failureSummary}`));
  }, axe.source);
const overflow = (): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const smallest = (): Promise<string[]> =>
  page.locator('button, select, input, summary, footer a, .brand a').evaluateAll(all =>
    all.flatMap(element => {
      const { height } = element.getBoundingClientRect();
      return height > 0 && height < 43.5 ? [element.outerHTML] : [];
    }),
  );

/** Of one page: axe finds nothing in light and dark, large and small, and it fits a phone, with targets that a thumb hits. */
async function isSound(): Promise<void> {
  await page.setViewportSize({ width: 1360, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await violations()).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await violations()).toEqual([]);
  expect(await overflow()).toBe(0);
  for (const summary of await page.locator('aside summary').all()) await summary.click();
  expect(await smallest()).toEqual([]);
  await page.setViewportSize({ width: 2560, height: 1200 });
  expect(await overflow()).toBe(0);
}

test('the home page leads to every scene, and is open to everyone', async () => {
  expect(await page.locator('main li').count()).toBeGreaterThan(0);
  await isSound();
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
    await isSound();
    await page.setViewportSize({ width: 1360, height: 900 });
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await expect
      .poll(() => page.getByTestId('readout').first().textContent(), patience)
      .toMatch(/^(epoch|iteration|keep\.prob|round) [\d.,]+: /);
    // a short run may have ended by now
    await page.evaluate(() => {
      for (const button of document.querySelectorAll('button')) if (button.textContent === 'Pause') button.click();
    });
    expect(await violations()).toEqual([]);
  }
  expect(foreign).toEqual([]);
  expect(complaints).toEqual([]);
});

test('an address that there is not is said', async () => {
  await page.evaluate(() => location.assign('#/nowhere'));
  await expect.poll(() => page.locator('.unknown').textContent(), patience).toMatch(/no experiment called “nowhere”/);
});
