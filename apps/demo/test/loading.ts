/** Injects failures: a file of the build that is not there, breaks off, or never comes. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page, Route } from 'playwright-core';
import { expect } from 'vitest';
import { root, type Site } from './browser.ts';

export const ways = {
  missing: (route: Route) => route.fulfill({ status: 404 }),
  'broken off': (route: Route) => route.abort('connectionreset'),
  // never answered
  slow: () => {},
} as const;
export type Way = keyof typeof ways;

/** What the page does without a file: says so and offers to try again, or goes on, as well or with less. */
export type Outcome = 'asks to try again' | 'goes on' | 'goes on in plain JavaScript';

/** By the name of a file. A file of none of these kinds is one that nobody has thought of. */
const kinds: readonly (readonly [RegExp, Outcome])[] = [
  [/\.(woff2|svg)$/, 'goes on'],
  [/\.wasm$/, 'goes on in plain JavaScript'],
  [/\.(js|css|bin)$/, 'asks to try again'],
];

/** The page itself cannot say anything where it has not come; the service worker is for later visits, and one file for search engines. */
const isOf = (file: string): boolean => !/^(index\.html|sw\.js|robots\.txt)$|^program-/.test(file);

export async function builtFiles(): Promise<string[]> {
  const names = await readdir(join(root, 'dist'), { recursive: true, withFileTypes: true });
  return names
    .filter(found => found.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(join(root, 'dist').length + 1))
    .filter(isOf)
    .sort();
}

export const outcomeOf = (file: string): Outcome | undefined => kinds.find(([name]) => name.test(file))?.[1];

const patience = { timeout: 600_000, interval: 50 };
const phase = async (page: Page): Promise<string | null> =>
  (await page.getByTestId('status').count()) ? page.getByTestId('status').getAttribute('data-phase') : null;

/** Presses Train where that is to be pressed. */
async function train(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Train', exact: true });
  if (await button.count()) await button.click();
}

/** Which files of the build a scene loads, from its address to its first steps. */
export async function filesLoaded(site: Site, scene: string): Promise<string[]> {
  const { page } = await site.open('about:blank');
  const loaded = new Set<string>();
  page.context().on('request', request => loaded.add(request.url()));
  await page.goto(site.url + scene);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(() => phase(page), patience).toMatch(/running|done/);
  await page.close();
  return [...loaded]
    .filter(url => url.startsWith(site.url))
    .map(url => url.slice(site.url.length).replace(/[?#].*$/, ''));
}

/** What the page says then, where it cannot go on. */
const words: Readonly<Record<Way, RegExp>> = {
  missing: /could not be (loaded|fetched)/,
  'broken off': /could not be (loaded|fetched)/,
  slow: /has not come yet|Nothing has come for 15 seconds/,
};

/** A first visit, on which waiting takes no time. */
async function visit(site: Site): Promise<Page> {
  const { page } = await site.open('about:blank');
  const session = await page.context().newCDPSession(page);
  await session.send('Animation.enable');
  await session.send('Animation.setPlaybackRate', { playbackRate: 1000 });
  await page.clock.install();
  return page;
}

/** Loads a scene for the first time, with a file that does not come; then with it. */
export async function loadWithout(site: Site, scene: string, file: string, way: Way): Promise<Outcome> {
  const page = await visit(site);
  let isAsked = false;
  await page.route(`**/${file}`, route => {
    isAsked = true;
    return ways[way](route);
  });
  await page.goto(site.url + scene, { waitUntil: 'commit' });
  const again = page.getByRole('button', { name: 'Try again' }).filter({ visible: true });
  const runs = async (): Promise<boolean> => {
    await train(page);
    return /running|done/.test((await phase(page)) ?? '');
  };
  // nobody waits for what the page goes on without: on a busy machine the worker may seem silent for a while, and that is another matter
  const isWaitedFor = way !== 'slow' || outcomeOf(file) !== 'goes on';
  const asks = async (): Promise<boolean> => {
    if (!isWaitedFor) return false;
    if (way === 'slow') await page.clock.fastForward(1000);
    const said = await page.locator('#late, .wait, [data-testid=status]').allInnerTexts();
    return isAsked && (await again.count()) > 0 && words[way].test(said.join());
  };
  // in one go: what only waits may come between a look at the button and a press of it
  const triesAgain = (): Promise<boolean> =>
    again.evaluateAll(buttons => {
      (buttons[0] as HTMLElement | undefined)?.click();
      return buttons.length > 0;
    });
  let asked = false;
  // a chart that does not come holds up no training, which may begin before the page says so
  const isAskedFor = outcomeOf(file) === 'asks to try again';
  const settled = async (): Promise<boolean> => {
    if (!(await asks())) return (await runs()) && !isAskedFor;
    // what is slow would come as soon as it may, with no need to try again
    if (way !== 'slow') await page.unroute(`**/${file}`);
    asked = await triesAgain();
    return asked;
  };
  await expect.poll(settled, { ...patience, message: `${file} ${way}` }).toBe(true);
  if (asked) {
    await page.unroute(`**/${file}`);
    await expect.poll(runs, { ...patience, message: `${file} ${way}, then back` }).toBe(true);
    await page.close();
    return 'asks to try again';
  }
  const runtime = await page.getByTestId('runtime').textContent();
  await page.close();
  return /plain JavaScript/.test(runtime ?? '') ? 'goes on in plain JavaScript' : 'goes on';
}
