/** On a desktop and on a phone nothing moves by itself while a scene comes and begins to train. Two pages of it are in scenes.test.ts. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scenes } from './addresses.ts';
import { openSite, type Site } from './browser.ts';
import { goodShift, screens, shiftsOf } from './shifts.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

test.each(
  ['', ...scenes].flatMap(hash => Object.entries(screens).map(([name, screen]) => [hash, name, screen] as const)),
)('“%s” on a %s', async (hash, _, screen) => {
  expect(await shiftsOf(site, hash, screen)).toBeLessThan(goodShift);
});
