/** That the controls of the scenes act on what they stand next to. */
import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSite, type Site } from './browser.ts';

let site: Site;
let page: Page;
let complaints: string[];
beforeAll(async () => {
  site = await openSite();
  // motion is welcome: training begins by itself, and what is drawn follows it; as long as can be, so that what follows meets it in training
  ({ page, complaints } = await site.open('#/plane?points=30&iterations=30000', { reducedMotion: 'no-preference' }));
});
afterAll(() => site?.close());

const patience = { timeout: 600_000, interval: 50 };
const go = (hash: string): Promise<void> => page.evaluate(to => location.assign(to), hash);
const text = async (id: string): Promise<string> => (await page.getByTestId(id).textContent()) ?? '';
const number = async (id: string): Promise<number> => Number.parseFloat(await text(id));

/** What one of the list in *compose* adds. Where the last run ended before the list was changed, as it may on a busy machine, another one is begun. */
async function added(name: string): Promise<string> {
  const shown = await text(`added-${name}`);
  const isDone = (await page.getByTestId('status').getAttribute('data-phase')) === 'done';
  if (isDone && /–/.test(shown)) await page.getByRole('button', { name: 'Train', exact: true }).click();
  return shown;
}

/** The picture of one network's field. */
const border = async (network: string): Promise<string> =>
  createHash('sha1')
    .update(
      await page.locator(`article.${network} canvas`).evaluate(canvas => (canvas as HTMLCanvasElement).toDataURL()),
    )
    .digest('hex');

test('two dimensions: the borders move, the share of dropped units follows the slider, and the address holds it all', async () => {
  await expect.poll(() => text('dev-error-none'), patience).toMatch(/\d/);
  const first = await border('dropout');
  await expect.poll(() => border('dropout'), patience).not.toBe(first);
  await page.getByLabel('keep.prob').press('Home');
  // 0.3 of 20 units: 6 are kept; fewer than half dropped has a chance of 1 in 50
  await expect.poll(() => text('dropped'), patience).toMatch(/^(1[0-9]|20) of 20/);
  await page.getByLabel('keep.prob').press('End');
  await expect.poll(() => text('dropped'), patience).toMatch(/^0 of 20/);
  await page.getByLabel('Data').selectOption('moons');
  await page.getByLabel('Points shown').selectOption('both');
  expect(new URL(page.url()).hash).toBe('#/plane?keepProb=1&show=both&data=moons&points=30&iterations=30000');
  await page.reload();
  expect(await page.getByLabel('Data').inputValue()).toBe('moons');
  expect(await page.getByLabel('keep.prob').getAttribute('aria-valuetext')).toBe('1.00');
});

test('two dimensions: no task paints the planes of two networks', async () => {
  await go('#/plane?points=30&iterations=30000');
  await expect.poll(() => text('dev-error-none'), patience).toMatch(/\d/);
  const most = await page.evaluate(
    () =>
      new Promise<number>(resolve => {
        const { prototype } = OffscreenCanvasRenderingContext2D;
        const { putImageData } = prototype;
        let [all, own, most] = [0, 0, 0];
        prototype.putImageData = function (this: OffscreenCanvasRenderingContext2D, ...given: unknown[]) {
          // runs when the task’s own work is done
          if (!own) queueMicrotask(() => (own = 0));
          most = Math.max(most, ++own);
          if (++all === 12) {
            prototype.putImageData = putImageData;
            resolve(most);
          }
          return Reflect.apply(putImageData, this, given);
        };
      }),
  );
  expect(most).toBe(1);
});

test('several seeds: curves are means with a band, the verdict rests on all of them, and a change is marked', async () => {
  await go('#/plane?points=30&iterations=30000&seeds=3');
  await expect.poll(() => text('range-none'), patience).toMatch(/^mean of 3 seeds, [\d.]+\s% to [\d.]+\s%/);
  await page.getByLabel('keep.prob').press('Home');
  await expect.poll(() => page.getByTestId('marks').first().textContent(), patience).toMatch(/keep\.prob 0\.30/);
  await page.getByRole('button', { name: 'Pause' }).click();
  const [readout] = await page.getByTestId('readout').allTextContents();
  expect(readout).toMatch(/none [\d.]+\s% \([\d.]+\s% to [\d.]+\s%\) · L2 .* · dropout .*to/);
  expect(await page.getByTestId('shown').nth(1).textContent()).toMatch(/3 seeds.*95\s% interval/);
  await page.getByLabel('Seeds').selectOption('1');
  expect(new URL(page.url()).hash).toBe('#/plane?keepProb=0.3&points=30&iterations=30000');
  await expect.poll(() => page.getByTestId('run-before').textContent(), patience).toMatch(/Seeds 3/);
});

test('the lecture’s network: sliders on the drawing act, and the suggestion sets them', async () => {
  await go('#/lecture?keepProb2=1&points=30&iterations=10000');
  const slider = page.getByLabel('keep.prob, hidden 2');
  const dropped = page.locator('[data-layer=hidden2][data-dropped=true]');
  await expect.poll(() => page.getByTestId('suggestion').count(), patience).toBe(1);
  await expect.poll(() => dropped.count(), patience).toBe(0);
  await slider.press('Home');
  // 0.1 of 7
  await expect.poll(() => dropped.count(), patience).toBeGreaterThanOrEqual(5);
  await page.getByRole('button', { name: 'Use the suggestion' }).click();
  expect(await slider.getAttribute('aria-valuetext')).toBe('0.50');
  expect(await text('suggestion')).toMatch(/0\.7, 0\.5, 0\.7, 1\./);
});

test('J: does not fall with dropout on, and does once it is turned off', async () => {
  await go('#/cost?iterations=1000');
  await expect.poll(() => number('rises-on'), patience).toBeGreaterThan(5);
  // held, so that it cannot end before the change
  await page.getByRole('button', { name: 'Pause' }).click();
  expect(await number('rises-off')).toBe(0);
  await page.getByLabel('Dropout', { exact: true }).selectOption('off');
  await expect.poll(() => page.getByTestId('marks').first().textContent(), patience).toMatch(/Dropout off/);
  await page.getByRole('button', { name: 'Resume' }).click();
  // what was on its way may still rise
  const settled = async (): Promise<boolean> => {
    const before = await number('rises-on');
    const at = await text('status');
    await expect.poll(async () => /^Done/.test(at) || (await text('status')) !== at, patience).toBe(true);
    return (await number('rises-on')) === before;
  };
  await expect.poll(settled, patience).toBe(true);
});

test('compose: the list is ordered and filled by keyboard, keeps the focus, is in the address, and is measured anew', async () => {
  await go('#/compose?hidden=16&batch=16&rounds=25');
  const focused = (): Promise<string | null | undefined> =>
    page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.id);
  await page.getByRole('button', { name: 'Move dropout down' }).press('Enter');
  expect(await focused()).toBe('Move dropout down');
  await page.getByRole('button', { name: 'Remove l2' }).press('Enter');
  expect(await focused()).toBe('add-techniques');
  // by package, as the catalogues have them
  expect(await page.locator('#add-techniques optgroup:has([value=ema])').getAttribute('label')).toBe(
    '@keepprob/averaging',
  );
  await page.getByLabel('A technique').selectOption('ema');
  await page.getByRole('button', { name: 'Add' }).press('Enter');
  expect(new URL(page.url()).hash).toBe(
    `#/compose?techniques=${encodeURIComponent('dropout,maxNorm,ema')}&hidden=16&batch=16&rounds=25`,
  );
  await expect.poll(() => added('ema'), patience).toMatch(/J nothing\s+time [+−][\d.]+\sms/);
  expect(complaints).toEqual([]);
});

test('compose: a technique that is added is set in its field, measured, in the address and in the program; what is not taken is said', async () => {
  await go('#/compose?techniques=l2&hidden=16&batch=16&rounds=25');
  await page.getByLabel('A technique').selectOption('byStep');
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByLabel('A technique').selectOption('layerConstraints');
  await page.getByRole('button', { name: 'Add' }).click();
  const own = (name: string) => page.locator(`[data-item=${name}]`);
  const rates = own('byStep').getByLabel('values');
  await rates.fill('0: 0.02, 10: 0.001');
  await rates.press('Enter');
  await expect.poll(() => added('byStep'), patience).toMatch(/J nothing\s+time [+−][\d.]+\sms/);
  await expect.poll(() => added('layerConstraints'), patience).toMatch(/J nothing\s+time [+−][\d.]+\sms/);
  await own('l2').getByLabel('strength').fill('-1');
  await own('l2').getByLabel('strength').press('Tab');
  expect(await own('l2').getByRole('alert').textContent()).toBe('“-1” is not taken: a number ≥ 0. It stays 0.0001.');
  expect(new URLSearchParams(page.url().split('?')[1]).get('options')).toBe('byStep.values=0:0.02,10:0.001');
  await page.reload();
  expect(await rates.inputValue()).toBe('0:0.02,10:0.001');
  expect(await own('byStep').locator('code').textContent()).toBe(
    'schedule({ learningRate: byStep({ 0: 0.02, 10: 0.001 }) })',
  );
  // without the technique there is nothing to set
  await page.getByRole('button', { name: 'Remove byStep' }).click();
  expect(page.url()).not.toMatch(/options=/);
  await page.getByText('What of the packages is not in this list').click();
  expect(await text('left-out')).toMatch(/randomFlip.*for images/);
  expect(complaints).toEqual([]);
});
