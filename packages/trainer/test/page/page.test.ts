/** Training in a page of a browser: reloaded, closed and crashed in the middle of it; hidden; and drawing all the while. */
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, openSite, type Site } from './site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

/** @throws what went wrong in the page */
function checked(answer: Answer): Answer {
  if (answer.type === 'failed') throw new Error(answer.why);
  return answer;
}

/** Answers of the pages of a context, one after the other. */
async function listening(context: BrowserContext): Promise<() => Promise<Answer>> {
  const answers: Answer[] = [];
  let wake = (): void => undefined;
  await context.exposeFunction('tell', (answer: Answer) => {
    answers.push(answer);
    wake();
  });
  return async () => {
    while (!answers.length) {
      await new Promise<void>(resolve => {
        wake = resolve;
      });
    }
    return checked(answers.shift()!);
  };
}

const ends: Readonly<Record<string, (page: Page) => Promise<Page>>> = {
  async reloaded(page) {
    await page.reload();
    return page;
  },
  async 'closed and opened again'(page) {
    const [url, next] = [page.url(), await page.context().newPage()];
    await page.close();
    await next.goto(url);
    return next;
  },
  async crashed(page) {
    const [url, next] = [page.url(), await page.context().newPage()];
    const [session, crash] = [await page.context().newCDPSession(page), page.waitForEvent('crash')];
    void session.send('Page.crash').catch(() => undefined);
    await crash;
    await page.close();
    await next.goto(url);
    return next;
  },
};

describe('a run saved in IndexedDB', () => {
  /** Ends the page in some way at these updates; gives the weights at last. */
  async function interrupted(store: string, end: (page: Page) => Promise<Page>, at: readonly number[]) {
    const context = await site.browser.newContext();
    context.setDefaultTimeout(0);
    try {
      const next = await listening(context);
      let page = await context.newPage();
      await page.goto(`${site.url}?store=${store}`);
      let [before, stops] = [0, at];
      for (;;) {
        const { type, step, weights } = await next();
        if (type === 'done') {
          expect(stops).toEqual([]);
          return weights;
        }
        // what was told and not saved is told once more; nothing else is
        if (type === 'begin') expect(step).toBeGreaterThanOrEqual(before - 1);
        before = Math.max(before, step);
        if (type !== 'step' || !stops.length || step < stops[0]!) continue;
        stops = stops.slice(1);
        page = await end(page);
      }
    } finally {
      await context.close();
    }
  }

  let whole: Promise<Answer['weights']> | undefined;

  test.each(Object.entries(ends))(
    '%s in mid-training: the weights of a run that was not, to the bit',
    async (_, end) => {
      whole ??= interrupted('', end, []);
      // beginning, middle and end of an epoch of 13 updates
      expect(await interrupted('run', end, [1, 20, 39, 52, 100])).toEqual(await whole);
    },
  );
});

test('the page draws while it trains', async () => {
  const context = await site.browser.newContext();
  context.setDefaultTimeout(0);
  const next = await listening(context);
  await (await context.newPage()).goto(`${site.url}?frames`);
  // each update is longer than a frame; a loop that keeps the page to itself lets it draw none
  expect((await next()).frames).toBeGreaterThanOrEqual(10);
  await context.close();
});

test('a hidden page trains on, without its timers and frames', async () => {
  // pages that Playwright opens think that they are seen
  const session = await site.browser.newBrowserCDPSession();
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
  await session.send('Target.disposeBrowserContext', { browserContextId });
});
