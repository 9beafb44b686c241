import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasFirefox, openFirefox } from '../../../firefox.shared.ts';
import { serveDemo } from './browser.ts';

describe.skipIf(!hasFirefox)('in Firefox', () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serveDemo>>;
  beforeAll(async () => {
    [browser, server] = await Promise.all([openFirefox(), serveDemo()]);
  });
  afterAll(() => Promise.all([browser?.close(), server?.close()]));

  const epochsShown = async (page: Page): Promise<number> =>
    (await page.$$eval('[data-testid=table] tbody tr', rows => rows.length)) / 2;
  const click = (page: Page, name: string) => page.locator(`::-p-aria([name="${name}"][role="button"])`).click();
  /** Waits until the page shows that many epochs and more. */
  const shows = (page: Page, epochs: number) =>
    page.waitForFunction(
      least => document.querySelectorAll('[data-testid=table] tbody tr').length >= 2 * least,
      { polling: 'raf' },
      epochs,
    );
  const frames = (page: Page, count: number) =>
    page.evaluate(async left => {
      for (; left > 0; left--) await new Promise(resolve => requestAnimationFrame(resolve));
    }, count);

  test('trains by itself, pauses, resumes, and complains of nothing', async () => {
    const page = await browser.newPage();
    // ends what hangs
    page.setDefaultTimeout(600_000);
    const complaints: string[] = [];
    page.on('console', message => {
      if (['error', 'warn'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', error => complaints.push(String(error)));
    page.on('requestfailed', request => complaints.push(`${request.url()}: ${request.failure()?.errorText}`));
    await page.goto(`${server.url}#/digits?trainSize=5000&epochs=200`);
    // motion is welcome, so it begins by itself; long enough that it can be paused
    await shows(page, 2);
    await click(page, 'Pause');
    let [held, before] = [0, -1];
    // what was done before the pause may still come
    while (held !== before) {
      await frames(page, 30);
      [held, before] = [await epochsShown(page), held];
    }
    expect(held).toBeLessThan(200);
    await click(page, 'Resume');
    await shows(page, held + 3);
    await page.waitForFunction(
      () => {
        const accuracy = document.querySelector('[data-testid=validation-accuracy-plain]')?.textContent ?? '';
        return Number.parseFloat(accuracy) > 50;
      },
      { polling: 'raf' },
    );
    expect(complaints).toEqual([]);
    await page.close();
  });
});
