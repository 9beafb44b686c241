/** What stands around every scene: the run before, pictures to keep, lessons, the glossary and the tour. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { coloursOf, openSite, type Site } from './browser.ts';
import { violations } from './sound.ts';

let site: Site;
let page: Page;
let complaints: string[];
beforeAll(async () => {
  site = await openSite();
  ({ page, complaints } = await site.open('#/plane?points=30&iterations=100'));
});
afterAll(() => site?.close());

const patience = { timeout: 600_000, interval: 50 };
const go = (hash: string): Promise<void> => page.evaluate(to => location.assign(to), hash);
const hash = (): string => new URL(page.url()).hash;
const text = async (id: string): Promise<string> => (await page.getByTestId(id).first().textContent()) ?? '';
const phase = (): Promise<string | null> => page.getByTestId('status').getAttribute('data-phase');
const press = (name: string | RegExp): Promise<void> => page.getByRole('button', { name }).first().click();
const until = (wanted: string): Promise<void> => expect.poll(phase, patience).toBe(wanted);
/** The picture of the first chart. */
const drawn = (): Promise<string> =>
  page
    .locator('.plot canvas')
    .first()
    .evaluate(canvas => (canvas as HTMLCanvasElement).toDataURL());

test('the run before stays behind the curves, is read with them, and can be hidden', async () => {
  await press('Train');
  await until('done');
  expect(await page.getByTestId('run-before').count()).toBe(0);
  const first = await text('readout');
  await page.getByLabel('keep.prob').press('Home');
  await press('Train');
  await until('done');
  expect(await text('run-before')).toMatch(/Faint curves are the run before: keep\.prob 0\.86\./);
  expect(await text('before')).toBe(`┄ Run before, ${first}`);
  const slider = page.getByRole('slider', { name: /^Dev error/ });
  await slider.press('Home');
  expect(await slider.getAttribute('aria-valuetext')).toMatch(/^iteration 1: .*\. Run before, iteration 1: none/);
  await slider.blur();
  expect(await violations(page)).toEqual([]);
  const both = await drawn();
  await press('Hide it');
  await expect.poll(drawn, patience).not.toBe(both);
  expect(await page.getByTestId('before').count()).toBe(0);
  await press('Show it');
  await expect.poll(drawn, patience).toBe(both);
  // what has drawn nothing takes no other's place
  await press('Reset');
  expect(await text('run-before')).toMatch(/run before: the same settings/);
  await press('Train');
  await press('Reset');
  expect(await page.getByTestId('run-before').count()).toBe(1);
});

test('earlier steps are looked at again: border, error, mask and J of that iteration', async () => {
  await press('Train');
  await until('done');
  const border = (): Promise<string> =>
    page.locator('article.dropout canvas').evaluate(canvas => (canvas as HTMLCanvasElement).toDataURL());
  await press('Show the newest iteration');
  const [newest, error] = [await border(), await text('dev-error-dropout')];
  const back = page.getByLabel('Look back');
  await back.press('Home');
  expect(await back.getAttribute('aria-valuetext')).toMatch(/^iteration 1, J [\d.]+$/);
  await expect.poll(border, patience).not.toBe(newest);
  expect(await text('step')).toMatch(/^Iteration 1,/);
  // the error that the table has of it
  await page.getByText('All numbers as a table').click();
  const first = page.locator('[data-testid=table] tbody tr').first().locator('[data-quantity=dev-dropout]');
  expect(Number.parseFloat(await text('dev-error-dropout'))).toBeCloseTo(100 * Number(await first.textContent()), 1);
  await press('Newest');
  await expect.poll(border, patience).toBe(newest);
  expect(await text('dev-error-dropout')).toBe(error);
});

test('a chart is saved as a picture with its title, settings and address', async () => {
  await press('Train');
  await until('done');
  const waiting = page.waitForEvent('download');
  await press(/Save picture “Dev error”/);
  const download = await waiting;
  expect(download.suggestedFilename()).toBe('plane-dev-error.png');
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  const png = Buffer.concat(chunks);
  // width and height stand in the header
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const plot = (await page.locator('.plot').first().boundingBox())!;
  expect(width).toBeGreaterThanOrEqual(2 * plot.width);
  // title, caption, readout, settings
  expect(height).toBeGreaterThan(2 * (plot.height + 80));
  expect((await coloursOf(page, png)).colours).toBeGreaterThan(30);
});

test('the files for the command line are saved', async () => {
  const waiting = page.waitForEvent('download');
  await press('Save keepprob.json');
  expect((await waiting).suggestedFilename()).toBe('keepprob.json');
  await expect.poll(() => page.getByText('keepprob.json is saved.').count(), patience).toBe(1);
});

test('a lesson gives title and task as text, locks settings, and says what it got wrong', async () => {
  const task = encodeURIComponent('Find a keep.prob.\n<b>Which</b> is best?');
  await go(`#/plane?points=30&iterations=100&title=Lesson%202&task=${task}&lock=data,iterations,colour`);
  await expect.poll(() => page.locator('h1').textContent(), patience).toBe('Lesson 2');
  expect(await text('task')).toMatch(/from the link to this page\s+Find a keep\.prob\.\n<b>Which<\/b> is best\?/);
  expect(await text('lesson-note')).toMatch(/names “colour”, which is no setting/);
  expect(await page.getByLabel('Data').isDisabled()).toBe(true);
  expect(await page.getByLabel('Seed', { exact: true }).isDisabled()).toBe(false);
  await page.getByLabel('Seed', { exact: true }).fill('5');
  await page.getByLabel('Seed', { exact: true }).press('Tab');
  expect(hash()).toMatch(/seed=5&title=Lesson%202&task=.*&lock=data,iterations,colour$/);
  expect(await violations(page)).toEqual([]);
});

test('?embed shows the scene alone, fits its frame, and leads to the full page as it is set', async () => {
  await go('#/lecture?iterations=100&embed&lock=all');
  await page.getByRole('button', { name: 'Train', exact: true }).waitFor();
  await page.setViewportSize({ width: 400, height: 500 });
  for (const gone of ['.brand', '.lead', 'footer nav'])
    expect(await page.locator(gone).filter({ visible: true }).count()).toBe(0);
  expect(await page.getByLabel('keep.prob, hidden 2').isDisabled()).toBe(true);
  const beyond = await page.locator('html').evaluate(element => element.scrollWidth - element.clientWidth);
  expect(beyond).toBe(0);
  const link = page.getByTestId('full');
  await link.focus();
  expect(await link.getAttribute('href')).toBe('#/lecture?iterations=100&lock=all');
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 1360, height: 900 });
});

test('words are explained on focus, hover and tap, and on a page of their own', async () => {
  await go('#/plane?points=30&iterations=100');
  const word = page.getByRole('button', { name: 'iteration', exact: true }).first();
  await word.focus();
  const tip = page.getByRole('tooltip');
  expect(await tip.textContent()).toMatch(/^iteration: One update/);
  await page.keyboard.press('Escape');
  expect(await tip.count()).toBe(0);
  await word.blur();
  await word.hover();
  expect(await tip.count()).toBe(1);
  expect(await violations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Glossary' }).click();
  await expect.poll(() => page.locator('dt').count(), patience).toBeGreaterThan(20);
  expect(await violations(page)).toEqual([]);
});

test('the tour asks first, runs the experiment, then says what came out; its place is in the address', async () => {
  await go('#/');
  await page.getByRole('link', { name: 'Take the guided tour' }).click();
  await page.getByRole('group', { name: /Which of them will fit/ }).waitFor();
  // it asks before it runs, also where motion is welcome
  expect(await phase()).toBe('idle');
  expect(await violations(page)).toEqual([]);
  // fewer iterations than the tour has
  await go('#/plane?points=30&iterations=100&tour=1');
  await page.getByLabel('The one with L2').check();
  await press('Run the experiment');
  await expect.poll(hash, patience).toMatch(/tour=1b$/);
  await until('done');
  await expect
    .poll(() => text('outcome'), patience)
    .toMatch(/(As you predicted|Not as you predicted: “.*” it is)\. Training error is .* The lecture: Regularization/);
  expect(await violations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Next step' }).click();
  await page.getByRole('group', { name: /L2 err less/ }).waitFor();
  expect(await phase()).toBe('idle');
  await press('Leave the tour');
  await expect.poll(hash, patience).toBe('#/plane?iterations=3000');
  await expect.poll(() => page.getByRole('group', { name: /L2 err less/ }).count(), patience).toBe(0);
  await go('#/cost?iterations=100&tour=5b');
  await press('Run the experiment');
  await expect
    .poll(() => text('outcome'), patience)
    .toMatch(/^(As you predicted|Not as you predicted: .*)\. J of the second network rose/);
  expect(complaints).toEqual([]);
});
