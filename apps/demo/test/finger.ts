/** Where something is drawn, and a finger that draws it. */
import type { Page } from 'playwright-core';

type Place = [x: number, y: number];

/** A place on what has this test id, in shares of its width and height. */
export async function placeIn(page: Page, id: string, [across, down]: readonly [number, number]): Promise<Place> {
  const element = page.getByTestId(id);
  await element.scrollIntoViewIfNeeded();
  const box = (await element.boundingBox())!;
  return [box.x + across * box.width, box.y + down * box.height];
}

/** Upwards, through the middle. */
export const upwards = (page: Page, id: string): Promise<Place[]> =>
  Promise.all([0.9, 0.75, 0.6, 0.45, 0.3, 0.15].map(down => placeIn(page, id, [0.5, down])));

/** A finger's stroke, as the browser itself takes it: it scrolls wherever the page lets it. @returns how far the page has scrolled */
export async function stroke(page: Page, [first, ...others]: readonly (readonly [number, number])[]): Promise<number> {
  const session = await page.context().newCDPSession(page);
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', at: readonly (readonly [number, number])[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: at.map(([x, y]) => ({ x, y })) });
  const before = await page.evaluate(() => scrollY);
  await send('touchStart', first ? [first] : []);
  for (const place of others) await send('touchMove', [place]);
  await send('touchEnd', []);
  await session.detach();
  return (await page.evaluate(() => scrollY)) - before;
}
