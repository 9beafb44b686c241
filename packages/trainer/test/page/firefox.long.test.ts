/** Training in a page of Firefox: reloaded and closed in the middle of it, and drawing all the while. */
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasFirefox, openFirefox } from '../../../../firefox.shared.ts';
import { type Answer, openSite, type Site } from './site.ts';
import { Answers, type End, endedInWrite, ends, interrupted, type Tabs, training } from './tabs.ts';

describe.skipIf(!hasFirefox)('in Firefox', () => {
  let site: Site;
  let browser: Browser;
  beforeAll(async () => {
    [site, browser] = await Promise.all([openSite(), openFirefox()]);
  });
  afterAll(() => Promise.all([browser?.close(), site?.close()]));

  /** With pages that have a storage of their own. */
  async function inContext<T>(use: (tabs: Tabs<Page>) => Promise<T>): Promise<T> {
    const context = await browser.createBrowserContext();
    const answers = new Answers();
    site.onPost = answers.add;
    const newPage = async () => {
      const page = await context.newPage();
      // ends what hangs
      page.setDefaultTimeout(600_000);
      return page;
    };
    try {
      return await use({ newPage, answer: answers.next });
    } finally {
      await context.close();
    }
  }

  describe('a run saved in IndexedDB', () => {
    let whole: Answer['weights'];
    beforeAll(async () => {
      whole = await inContext(tabs => interrupted(tabs, training(site.url, ''), ends.reloaded, []));
    });

    test.each<[string, End<Page>]>(Object.entries(ends))(
      '%s: the weights of a run that was not, to the bit',
      async (_, end) => {
        expect(await inContext(tabs => interrupted(tabs, training(site.url, 'run'), end, [20]))).toEqual(whole);
      },
    );

    test('closed in the middle of a write: goes on from the one before it', async () => {
      const found = await inContext(tabs =>
        endedInWrite(tabs, training(site.url, 'run'), ends['closed and opened again'], 5),
      );
      expect(found).toEqual({ from: 4, weights: whole });
    });
  });

  test('the page draws while it trains', () =>
    inContext(async tabs => {
      await (await tabs.newPage()).goto(`${site.url}?frames`);
      expect((await tabs.answer()).frames).toBeGreaterThanOrEqual(10);
    }));
});
