/** What visitors bring of their own, and what they look into: points, tables, drawn digits. One page for all of it. */
import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSite, type Site } from './browser.ts';
import { placeIn, stroke, upwards } from './finger.ts';
import { isSound } from './sound.ts';

let site: Site;
let page: Page;
let complaints: string[];
beforeAll(async () => {
  site = await openSite();
  ({ page, complaints } = await site.open('#/plane?data=own&iterations=30000', { hasTouch: true }));
});
afterAll(() => site?.close());

// ends what hangs; a machine that is busy may take as long as it needs
const patience = { timeout: 600_000, interval: 50 };
const go = (hash: string): Promise<void> => page.evaluate(to => location.assign(to), hash);
const text = async (id: string): Promise<string> => (await page.getByTestId(id).first().textContent()) ?? '';
const phase = (): Promise<string | null> => page.getByTestId('status').getAttribute('data-phase');
const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
const hash = (): string => new URL(page.url()).hash;

const placeOn = (id: string, at: readonly [number, number]): Promise<[number, number]> => placeIn(page, id, at);

describe('points of one’s own', () => {
  const table = (name: string, lines: readonly string[]): Promise<void> =>
    page
      .getByLabel(/A table in a file/)
      .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) });
  const rows = (count: number): string[] =>
    Array.from({ length: count }, (_, i) => `${(i * 37) % 101},${(i * 53) % 89},${(i * 37) % 101 > 50 ? 'yes' : 'no'}`);

  test('are none at first, and nothing is trained then', async () => {
    expect(await text('status')).toMatch(/no points of your own yet/);
    await press('Train');
    expect([await phase(), await text('obstacle')]).toEqual(['idle', await text('status')]);
  });

  test('are put and erased by keyboard, by mouse and by finger, and undone', async () => {
    const board = page.getByTestId('board');
    await board.focus();
    await page.keyboard.press('Space');
    expect(await text('own-said')).toMatch(/^Put at 0\.00, 0\.00\. 1 of class 0, 0 of class 1/);
    await page.keyboard.press('ArrowRight');
    expect(await board.getAttribute('aria-label')).toMatch(/cursor is at 0\.05, 0\.00/);
    await page.keyboard.press('Delete');
    expect(await text('own-said')).toMatch(/^Erased.* 0 of class 0/);
    await page.getByLabel('put class 1').check();
    await page.mouse.click(...(await placeOn('board', [0.75, 0.25])));
    await page.touchscreen.tap(...(await placeOn('board', [0.25, 0.25])));
    expect(await text('own-said')).toMatch(/^Put at −0\.5[78], 0\.5[78]\. 0 of class 0, 2 of class 1/);
    expect(await text('obstacle')).toMatch(/All points are of class 1/);
    // a drag puts several
    await page.mouse.move(...(await placeOn('board', [0.2, 0.8])));
    await page.mouse.down();
    await page.mouse.move(...(await placeOn('board', [0.8, 0.8])), { steps: 8 });
    await page.mouse.up();
    expect(await text('own-said')).toMatch(/0 of class 0, ([6-9]|1\d) of class 1/);
    await press('Undo');
    expect(await board.getAttribute('aria-label')).toMatch(/0 of class 0, 2 of class 1/);
  });

  test('are put by a finger that draws, on a phone, and the page stays where it is', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    const board = page.getByTestId('board');
    expect(await stroke(page, await upwards(page, 'board'))).toBe(0);
    expect(await board.getAttribute('aria-label')).toMatch(/0 of class 0, [6-9] of class 1/);
    await press('Undo');
    // elsewhere such a stroke scrolls
    await page.evaluate(() => scrollTo(0, 0));
    await stroke(
      page,
      [400, 300, 200, 100].map(y => [180, y]),
    );
    await expect.poll(() => page.evaluate(() => scrollY), patience).toBeGreaterThan(0);
    await page.setViewportSize({ width: 1360, height: 900 });
  });

  test('of a table that cannot be used are refused next to it, with the reason', async () => {
    await table('one.csv', ['1,2,a', '3,4,a']);
    await expect.poll(() => text('csv-trouble'), patience).toMatch(/“one\.csv”: All 2 rows are of one class/);
    await table('none.csv', ['no table']);
    await expect.poll(() => text('csv-trouble'), patience).toMatch(/“none\.csv”: This is no table/);
    await table('large.csv', ['x'.repeat(2 ** 20 + 1)]);
    await expect.poll(() => text('csv-trouble'), patience).toMatch(/1,025 kB; at most 1,024/);
    expect(await page.getByTestId('board').getAttribute('aria-label')).toMatch(/2 of class 1/);
  });

  test('train, from a table that is dropped; the address holds them, and their doubt is drawn', async () => {
    await page.getByRole('heading', { name: 'Your own points' }).evaluate(
      (heading, lines) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([lines], 'good.csv', { type: 'text/csv' }));
        heading.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
      },
      ['left,up,ball', ...rows(60)].join('\n'),
    );
    await expect
      .poll(() => text('own-said'), patience)
      .toMatch(/60 points: “left” to the right, “up” up.*“no” of “ball” is class 0/);
    expect(await text('csv-trouble')).toBe('');
    expect(hash()).toMatch(/own=[\w-]{240}&/);
    await press('Train');
    await expect.poll(() => text('dev-error-none'), patience).toMatch(/\d/);
    await press('Pause');
    const third = page.locator('article.dropout canvas');
    const drawn = async (): Promise<string> =>
      createHash('sha1')
        .update(await third.evaluate(canvas => (canvas as HTMLCanvasElement).toDataURL()))
        .digest('hex');
    const before = await drawn();
    await page.getByLabel('Doubt of the third network').selectOption('on');
    await expect
      .poll(() => text('doubt'), patience)
      .toMatch(/standard deviation of 30 thinned networks.* 0\.\d\d at most/);
    await expect.poll(drawn, patience).not.toBe(before);
    expect(await page.getByTestId('marks').count()).toBe(0);
    await isSound(page);
    await page.setViewportSize({ width: 1360, height: 900 });
  });

  test('that can no longer be learnt from end the training', async () => {
    await press('Resume');
    await press('Erase all');
    expect([await phase(), await text('status')]).toEqual(['idle', await text('obstacle')]);
  });

  test('too many for a link are kept by the tab, and that is said', async () => {
    await table('many.csv', rows(500));
    await expect.poll(() => text('not-in-link'), patience).toMatch(/the link does not hold them/);
    expect(hash()).toMatch(/own=kept/);
    await page.reload();
    await expect.poll(() => page.getByTestId('board').getAttribute('aria-label'), patience).toMatch(/2\d\d of class 0/);
    await page.evaluate(() => sessionStorage.clear());
    await page.reload();
    await expect.poll(() => page.getByText('The link is of points that it does not hold').count(), patience).toBe(1);
    expect(complaints).toEqual([]);
  });
});

describe('a digit of one’s own', () => {
  beforeAll(() => go('#/digits?trainSize=1000&epochs=200'));

  test('is not there at first, and is drawn by mouse', async () => {
    await expect.poll(() => text('reading'), patience).toMatch(/nothing on the paper/);
    await page.mouse.move(...(await placeOn('paper', [0.5, 0.15])));
    await page.mouse.down();
    await page.mouse.move(...(await placeOn('paper', [0.5, 0.85])), { steps: 6 });
    await page.mouse.up();
    expect(await text('reading')).toMatch(/learnt nothing yet/);
  });

  test('is drawn by a finger, and the page stays where it is', async () => {
    await press('Clear');
    expect(await text('reading')).toMatch(/nothing on the paper/);
    expect(await stroke(page, await upwards(page, 'paper'))).toBe(0);
    expect(await text('reading')).toMatch(/learnt nothing yet/);
  });

  test('is read by the whole network and by thinned ones, once they train', async () => {
    await press('Train');
    await expect
      .poll(() => text('reading'), patience)
      .toMatch(/network reads \d \(.*Of networks thinned.* of 30 read \d/);
    // the bars are of all ten digits, and add up
    const [bars] = await page.getByTestId('bars').all();
    const shares = await bars!.locator('.value').allTextContents();
    expect(shares.map(Number.parseFloat).reduce((a, b) => a + b)).toBeCloseTo(100, 0);
    await press('Clear');
    expect(await text('reading')).toMatch(/nothing on the paper/);
  });

  test('can be drawn with the keyboard, or taken from the dev set', async () => {
    await page.getByTestId('paper').focus();
    await page.keyboard.press('Space');
    for (let i = 0; i < 12; i++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    expect(await text('reading')).toMatch(/network reads \d/);
    await press('Take a 7');
    await expect.poll(() => page.getByText('A 7 of the dev set').count(), patience).toBe(1);
  });

  test('rest while they are out of sight, and follow the training in sight', async () => {
    const epoch = async (): Promise<number> => Number(/epoch (\d+)/.exec(await text('misread-text'))?.[1]);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await page.getByTestId('misread').first().scrollIntoViewIfNeeded();
    const before = await epoch();
    await expect.poll(epoch, patience).toBeGreaterThan(before);
    await page.evaluate(() => scrollTo(0, 0));
    const trained = async (): Promise<number> => Number(/epoch (\d+)/.exec(await text('status'))?.[1]);
    // what was on its way when they left the sight may still come
    const from = await trained();
    await expect.poll(trained, patience).toBeGreaterThan(from + 2);
    const [held, at] = [await epoch(), await trained()];
    await expect.poll(trained, patience).toBeGreaterThan(at + 5);
    expect(await epoch()).toBe(held);
    await page.emulateMedia({ reducedMotion: 'reduce' });
  });

  test('misread ones are shown with what they are, and are taken by a press; first-layer weights are pictures', async () => {
    const misread = page.getByTestId('misread').first();
    await misread.scrollIntoViewIfNeeded();
    expect(await misread.textContent()).toMatch(/A \d, read as \d\s*\d+\.\d.% sure/);
    const [, truth] = /A (\d)/.exec((await misread.textContent()) ?? '') ?? [];
    // held, so that another does not take its place
    await press('Pause');
    await misread.click();
    await expect.poll(() => page.getByText(/of the dev set, as the networks see it/).count(), patience).toBe(1);
    expect(truth).toMatch(/\d/);
    expect(await page.getByRole('img', { name: /^Weights into unit/ }).count()).toBe(24);
    for (const twin of ['plain', 'regularized']) expect(await text(`norm-${twin}`)).toMatch(/: [\d.]*[1-9]/);
    await isSound(page);
    await page.setViewportSize({ width: 1360, height: 900 });
    expect(complaints).toEqual([]);
  });
});

test('the lecture’s network: effective λ is on its lines while it trains, and in a table', async () => {
  await go('#/lecture?lines=lambda&iterations=10000');
  await press('Train');
  await expect
    .poll(() => text('step'), patience)
    .toMatch(/Measured after iteration [\d,]+; the thickest line has λ [\d.e-]+/);
  await press('Pause');
  await page.getByText('Weight matrices as a table').click();
  const lambda = page.locator('tr[data-twin=thinned] [data-quantity=lambda]');
  // rows are made when the table is opened
  await expect.poll(() => lambda.count(), patience).toBe(5);
  expect(await lambda.allTextContents()).toEqual([
    '–',
    ...Array.from({ length: 3 }, () => expect.stringMatching(/\d/)),
    '–',
  ]);
  await isSound(page);
  expect(complaints).toEqual([]);
});
