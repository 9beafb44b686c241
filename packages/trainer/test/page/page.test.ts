/** Training in a page of Chromium: reloaded, closed and crashed in the middle of it; hidden; and drawing all the while. */
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumOptions, hasWindows, windowedChromium } from '../../../../chromium.shared.ts';
import { type Answer, openSite, type Site } from './site.ts';
import { Answers, all, checked, type End, endedInWrite, ends, interrupted, type Tabs, training } from './tabs.ts';

/** Playwright switches these on; then a hidden page has timers like any other. */
const unthrottled = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

let site: Site;
let browser: Browser;
beforeAll(async () => {
  [site, browser] = await Promise.all([openSite(), chromium.launch(chromiumOptions)]);
});
afterAll(() => Promise.all([browser?.close(), site?.close()]));

/** With pages that have a storage of their own. */
async function inContext<T>(use: (tabs: Tabs<Page>, context: BrowserContext) => Promise<T>): Promise<T> {
  const context = await browser.newContext();
  // ends what hangs
  context.setDefaultTimeout(600_000);
  const answers = new Answers();
  await context.exposeFunction('tell', answers.add);
  try {
    return await use({ newPage: () => context.newPage(), answer: answers.next }, context);
  } finally {
    await context.close();
  }
}

const crashed: End<Page> = async (page, tabs) => {
  const [url, next] = [page.url(), await tabs.newPage()];
  const [session, crash] = [await page.context().newCDPSession(page), page.waitForEvent('crash')];
  void session.send('Page.crash').catch(() => undefined);
  await crash;
  await page.close();
  await next.goto(url);
  return next;
};

describe('a run saved in IndexedDB', () => {
  let whole: Answer['weights'];
  beforeAll(async () => {
    whole = await inContext(tabs => interrupted(tabs, training(site.url, ''), ends.reloaded, []));
  });
  const chromiumEnds: Readonly<Record<string, End<Page>>> = { ...ends, crashed };

  // beginning and end of an epoch of 13 updates; `npm run test:long` ends a page in every way, at five updates
  const few: Readonly<Record<string, readonly number[]>> = { crashed: [1, 39] };
  test.each(Object.entries(chromiumEnds).filter(([name]) => all || name in few))(
    '%s in mid-training: the weights of a run that was not, to the bit',
    async (name, end) => {
      const here = all ? [1, 20, 39, 52, 100] : few[name]!;
      expect(await inContext(tabs => interrupted(tabs, training(site.url, 'run'), end, here))).toEqual(whole);
    },
  );

  // after an update, of the best epoch, and after an epoch; `npm test` tries the first one
  const writes = [
    ['crashed', 5, 4],
    ['reloaded', 14, 13],
    ['closed and opened again', 15, 13],
  ] as const;
  test.each(all ? writes : writes.slice(0, 1))(
    '%s in the middle of write %i: goes on from update %i, to the same weights',
    async (end, write, from) => {
      const found = await inContext(tabs => endedInWrite(tabs, training(site.url, 'run'), chromiumEnds[end]!, write));
      expect(found).toEqual({ from, weights: whole });
    },
  );
});

test('the page draws while it trains', () =>
  inContext(async tabs => {
    await (await tabs.newPage()).goto(`${site.url}?frames`);
    // each update is longer than a frame; a loop that keeps the page to itself lets it draw none
    expect((await tabs.answer()).frames).toBeGreaterThanOrEqual(10);
  }));

test.runIf(hasWindows)('a hidden page trains on, without its timers and frames', async () => {
  const windowed = await chromium.launch({ ...windowedChromium, ignoreDefaultArgs: unthrottled });
  try {
    // pages that Playwright opens think that they are seen
    const session = await windowed.newBrowserCDPSession();
    const { browserContextId } = await session.send('Target.createBrowserContext');
    const answered = (): Promise<Answer> =>
      new Promise<Answer>(resolve => {
        site.onPost = resolve;
      }).then(checked);
    const begun = answered();
    await session.send('Target.createTarget', { url: `${site.url}?hidden`, browserContextId });
    await begun;
    const done = answered();
    await session.send('Target.createTarget', { url: 'about:blank', browserContextId });
    // a loop that waits for a timer or a frame would not end
    expect((await done).visibility).toBe('hidden');
  } finally {
    await windowed.close();
  }
});
