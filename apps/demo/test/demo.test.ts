import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSite, type Site } from './browser.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

const text = async (page: Page, id: string): Promise<string> => (await page.getByTestId(id).textContent()) ?? '';
const percentOf = async (page: Page, id: string): Promise<number> => Number.parseFloat(await text(page, id));
/** What the first chart reads; none before the first epoch. */
const epochsShown = async (page: Page): Promise<number> =>
  Number(/^epoch (\d+):/.exec((await page.getByTestId('readout').first().textContent()) ?? '')?.[1] ?? 0);
// ends what hangs; a machine that is busy may take as long as it needs
const patience = { timeout: 600_000, interval: 100 };

/** Waits until the page has drawn that often. */
const frames = (page: Page, count: number): Promise<void> =>
  page.evaluate(async left => {
    for (; left > 0; left--) await new Promise(resolve => requestAnimationFrame(resolve));
  }, count);

/** The epochs shown when no more have come for a while. */
async function epochsHeld(page: Page): Promise<number> {
  for (;;) {
    const before = await epochsShown(page);
    await frames(page, 30);
    if ((await epochsShown(page)) === before) return before;
  }
}

/** Tab from the top of the page until the control has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let i = 0; i < 20; i++) {
    await page.keyboard.press('Tab');
    const label = await page.evaluate(() => {
      const focused = document.activeElement as HTMLInputElement;
      return focused.labels?.[0]?.textContent ?? focused.textContent ?? '';
    });
    if (name.test(label)) return;
  }
  throw new Error(`No control called ${name} can be reached with Tab.`);
}

describe('the demo, driven by the keyboard', () => {
  test('trains real digits past 85 %, and the drawn network follows keepProb in mid-run', async () => {
    // long enough that it still trains when the last key is pressed
    const { page, complaints } = await site.open('#/digits?trainSize=2000&epochs=200');
    await page.getByRole('button', { name: 'Train', exact: true }).waitFor();
    await tabTo(page, /^\s*Train\s*$/);
    await page.keyboard.press('Enter');
    await expect.poll(() => epochsShown(page), patience).toBeGreaterThanOrEqual(2);
    // the button says something else now, and still has the focus
    expect(await page.locator(':focus').textContent()).toBe('Pause');

    await tabTo(page, /^keep\.prob, hidden 1/);
    await page.keyboard.press('Home');
    await expect.poll(() => percentOf(page, 'dropped-hidden1'), patience).toBeGreaterThan(78);
    expect(await page.locator('[data-layer=hidden1][data-dropped=true]').count()).toBeGreaterThanOrEqual(9);
    await page.keyboard.press('End');
    await expect.poll(() => percentOf(page, 'dropped-hidden1'), patience).toBe(0);
    expect(await page.locator('[data-layer=hidden1][data-dropped=true]').count()).toBe(0);
    for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowLeft');
    // keepProb 0.5 over 128 units: 6 standard errors are 27 points
    await expect.poll(() => percentOf(page, 'dropped-hidden1'), patience).toBeGreaterThan(23);
    expect(await percentOf(page, 'dropped-hidden1')).toBeLessThan(77);
    // the twins part
    expect(await page.getByTestId('coincide').count()).toBe(0);

    await expect.poll(() => percentOf(page, 'validation-accuracy-plain'), patience).toBeGreaterThan(85);
    await expect.poll(() => percentOf(page, 'validation-accuracy-regularized'), patience).toBeGreaterThan(85);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe('the twins', () => {
  test('coincide in every number when nothing regularizes', async () => {
    const { page, complaints } = await site.open(
      '#/digits?keepProbInput=1&keepProb1=1&keepProb2=1&lambda=0&maxNorm=0&trainSize=200&epochs=200',
    );
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await expect.poll(() => epochsShown(page), patience).toBeGreaterThanOrEqual(5);
    await page.getByRole('button', { name: 'Pause' }).click();
    const held = await epochsHeld(page);
    await page.getByText('All numbers as a table').click();
    const rows = (twin: string): Promise<string[][]> =>
      page
        .locator(`[data-testid=table] tr[data-twin=${twin}]`)
        .evaluateAll(trs => trs.map(tr => [...tr.querySelectorAll('[data-quantity]')].map(td => td.textContent ?? '')));
    const plain = await rows('plain');
    expect(plain).toHaveLength(held);
    expect(await rows('regularized')).toEqual(plain);
    expect(await page.getByTestId('coincide').count()).toBe(1);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe('the page', () => {
  test('keeps its settings in the address', async () => {
    const { page, complaints } = await site.open();
    await page.getByLabel('keep.prob, hidden 2').press('Home');
    await page.getByLabel('Training digits').selectOption('500');
    await page.getByLabel('Seed', { exact: true }).fill('42');
    await page.getByLabel('Seed', { exact: true }).press('Tab');
    expect(new URL(page.url()).hash).toBe('#/digits?keepProb2=0.1&trainSize=500&seed=42');
    await page.reload();
    expect(await page.getByLabel('keep.prob, hidden 2').getAttribute('aria-valuetext')).toBe('0.10');
    expect(await page.getByLabel('Training digits').inputValue()).toBe('500');
    expect(await page.getByLabel('Seed', { exact: true }).inputValue()).toBe('42');
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('pauses, resumes, starts over and resets', async () => {
    // long enough that it can be paused
    const { page, complaints } = await site.open('#/digits?trainSize=500&epochs=200');
    const phase = (): Promise<string | null> => page.getByTestId('status').getAttribute('data-phase');
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await expect.poll(() => epochsShown(page), patience).toBeGreaterThanOrEqual(2);
    await page.getByRole('button', { name: 'Pause' }).click();
    // what was done before the pause may still come
    const held = await epochsHeld(page);
    expect(held).toBeLessThan(200);
    await frames(page, 40);
    expect(await epochsShown(page)).toBe(held);
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(() => epochsShown(page), patience).toBeGreaterThan(held + 3);
    await page.getByText('All numbers as a table').click();
    const firstEpoch = (): Promise<string | null> => page.locator('[data-testid=table] tbody tr').first().textContent();
    const before = await firstEpoch();
    await page.getByLabel('Training digits').selectOption('200');
    await expect.poll(firstEpoch, patience).not.toBe(before);
    await page.getByRole('button', { name: 'Reset' }).click();
    await expect.poll(phase, patience).toBe('idle');
    expect(await epochsShown(page)).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('fits a phone, and numbers stay inside their tiles, however wide it is', async () => {
    const { page } = await site.open('#/digits', { colorScheme: 'dark' });
    for (const width of [360, 700, 1024, 1360]) {
      await page.setViewportSize({ width, height: 740 });
      const beyond = (element: Element) => element.scrollWidth - element.clientWidth;
      expect(await page.locator('html').evaluate(beyond), `${width} pixels`).toBe(0);
      for (const tile of await page.locator('article').all())
        expect(await tile.evaluate(beyond), `${width} pixels`).toBe(0);
    }
    await page.close();
  });
});
