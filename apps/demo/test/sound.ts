/** What must hold of every page, whatever it shows. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** What axe finds. */
export const violations = (page: Page): Promise<string[]> =>
  page.evaluate(async source => {
    if (!('axe' in window)) new Function(source)();
    const { violations } = await (Reflect.get(window, 'axe') as typeof axe).run();
    return violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html} ${node.failureSummary}`));
  }, axe.source);

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const smallest = (page: Page): Promise<string[]> =>
  page.locator('button:not(.word), select, input, summary, footer a, .brand a').evaluateAll(all =>
    all.flatMap(element => {
      const { height } = element.getBoundingClientRect();
      return height > 0 && height < 43.5 ? [element.outerHTML] : [];
    }),
  );

/** Of one page: axe finds nothing in light and dark, large and small, and it fits a phone, with targets that a thumb hits. */
export async function isSound(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1360, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await violations(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  for (const summary of await page.locator('aside summary').all()) await summary.click();
  expect(await smallest(page)).toEqual([]);
  await page.setViewportSize({ width: 2560, height: 1200 });
  expect(await overflow(page)).toBe(0);
}
