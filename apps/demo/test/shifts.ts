/** How far a page's parts move by themselves while it comes: Chromium's layout shifts, added up. */
import { expect } from 'vitest';
import type { Site } from './browser.ts';

/** What web.dev calls good. */
export const goodShift = 0.1;

export const screens = { desktop: { width: 1350, height: 940 }, phone: { width: 412, height: 823 } } as const;

/** From the first byte of a scene's page until it shows what was trained. */
export async function shiftsOf(site: Site, hash: string, viewport: { width: number; height: number }): Promise<number> {
  const { page } = await site.open('about:blank', { viewport, reducedMotion: 'no-preference' });
  await page.addInitScript(() => {
    const sum = { total: 0 };
    Object.assign(window, { sum });
    new PerformanceObserver(list => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
        if (!entry.hadRecentInput) sum.total += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(site.url + hash);
  if (hash) {
    await expect
      .poll(() => page.getByTestId('readout').first().textContent(), { timeout: 600_000 })
      .toMatch(/^(epoch|iteration|keep\.prob|round) [\d.,]+: /);
  } else await page.locator('main li').first().waitFor();
  // the shifts of a frame are told after it
  await page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve))));
  const total = await page.evaluate(() => (window as unknown as { sum: { total: number } }).sum.total);
  await page.close();
  return total;
}
