/** What careful visitors found wrong with the page once. No state of it hangs or lies; what does not load is in loading.test.ts. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSite, type Site } from './browser.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

// ends what hangs; a machine that is busy may take as long as it needs
const patience = { timeout: 600_000, interval: 50 };
const phase = (page: Page): Promise<string | null> => page.getByTestId('status').getAttribute('data-phase');
const text = async (page: Page, id: string): Promise<string> => (await page.getByTestId(id).textContent()) ?? '';
const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
/** What the first chart reads; none before the first epoch. */
const epochs = async (page: Page): Promise<number> =>
  Number(/^epoch (\d+):/.exec((await page.getByTestId('readout').first().textContent()) ?? '')?.[1] ?? 0);

describe('the digits', () => {
  let page: Page;
  let complaints: string[];
  beforeAll(async () => {
    ({ page, complaints } = await site.open('#/digits?trainSize=200&epochs=20'));
  });
  afterAll(() => page.close());
  const claim = (n: number): Promise<string | null> => page.getByTestId('shown').nth(n).textContent();

  test('at rest show a sample of what a step drops, which follows the settings', async () => {
    expect(await text(page, 'step')).toMatch(/sample/);
    const dropped = async (): Promise<number> => Number.parseFloat(await text(page, 'dropped-hidden1'));
    expect(Math.abs((await dropped()) - 50)).toBeLessThan(27);
    await page.getByLabel('keep.prob, hidden 1').press('Home');
    expect(await dropped()).toBeGreaterThan(78);
    await page.getByLabel('keep.prob, hidden 1').press('End');
    expect(await dropped()).toBe(0);
    await press(page, 'Defaults');
  });

  test('name the lecture, and link to it, the code, the packages and their documentation', async () => {
    for (const name of ['Understanding Dropout', 'Source code', 'The packages on npm', 'Documentation'])
      expect(await page.getByRole('link', { name }).getAttribute('href')).toMatch(/^https:/);
  });

  test('put the dev error first, with its interval and what it was at best', async () => {
    await press(page, 'Train');
    await expect.poll(() => phase(page), patience).toBe('done');
    for (const twin of ['plain', 'regularized']) {
      const tile = page.locator(`article.${twin}`);
      expect(await tile.locator('b').first().getAttribute('data-testid')).toBe(`dev-error-${twin}`);
      expect(await tile.textContent()).toMatch(/95 % interval [\d.]+ to [\d.]+.*best [\d.]+.% at epoch \d+/);
      const gap = tile.getByTestId(`gap-${twin}`);
      const size = (element: Element): number => Number.parseFloat(getComputedStyle(element).fontSize);
      expect(await gap.evaluate(size)).toBeLessThan(await tile.locator('b').first().evaluate(size));
    }
  });

  test('say what acts, and only that', async () => {
    expect(await claim(3)).toMatch(/Dropout, L2 and max-norm act together/);
    expect(await claim(3)).not.toMatch(/as claimed/);
  });

  test('tell what was measured with an interval, and “cannot tell” within the noise', async () => {
    const verdict = await text(page, 'verdict');
    const [, lower, upper] = /(−?[\d.]+) to (−?[\d.]+) points/.exec(verdict) ?? [];
    const value = (shown = ''): number => Number(shown.replace('−', '-'));
    const expected =
      value(lower) > 0 ? /helps/ : value(upper) < 0 ? /hurts/ : /Whether regularization helps cannot be told/;
    expect(verdict).toMatch(expected);
  });

  test('show J by iteration, how the weights spread, and why J of training is above the loss', async () => {
    // 200 digits in batches of 50, 20 epochs
    const cost = page.locator('figure', { hasText: 'Cost J by iteration' });
    expect(await cost.getByTestId('readout').textContent()).toMatch(/^iteration 80: plain .* regularized/);
    expect(await cost.textContent()).toMatch(/That is why it lies above the loss/);
    expect(await page.locator('figure', { hasText: 'Weights spread' }).count()).toBe(2);
    expect(await claim(3)).toMatch(/Spread of the weights since the first epoch: hidden 1 plain/);
    expect(await claim(2)).toMatch(/Over 80 iterations/);
  });

  test('say what the nat is that losses are in', async () => {
    expect(await page.locator('figure', { hasText: 'in nats' }).first().textContent()).toMatch(/2\.3 is guessing/);
  });

  test('charts are read with the arrow keys and with the pointer', async () => {
    const chart = page.getByRole('slider', { name: /^Error/ });
    await chart.press('Home');
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/^epoch 1: plain, train/);
    await chart.press('ArrowRight');
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/^epoch 2:/);
    await chart.press('End');
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/^epoch 20:/);
    await chart.blur();
    const plot = (await chart.locator('.u-over').boundingBox())!;
    await page.mouse.move(plot.x + 1, plot.y + plot.height / 2);
    await expect.poll(() => chart.getAttribute('aria-valuetext'), patience).toMatch(/^epoch 1:/);
  });

  test('of another run than the settings of now are called so', async () => {
    await page.getByLabel('Training digits').selectOption('500');
    expect(await text(page, 'ran')).toMatch(/run before: 200 training digits/);
    expect(await page.locator('.lead').textContent()).toMatch(/read 200 real/);
    await page.getByLabel('Training digits').selectOption('200');
    expect(await page.getByTestId('ran').count()).toBe(0);
  });

  test('that start over say so, and do not load anything again', async () => {
    // long enough that what follows meets it in training
    await page.getByLabel('Training digits').selectOption('2000');
    await page.getByLabel('Epochs').selectOption('200');
    await press(page, 'Train');
    await expect.poll(() => phase(page), patience).toMatch(/running|done/);
    await page.evaluate(() => {
      const status = document.querySelector('[data-testid=status]')!;
      const said: string[] = [];
      Object.assign(window, { said });
      new MutationObserver(() => said.push(status.textContent ?? '')).observe(status, {
        subtree: true,
        characterData: true,
        childList: true,
        attributes: true,
      });
    });
    await page.getByLabel('Seed', { exact: true }).fill('42');
    await page.getByLabel('Seed', { exact: true }).press('Tab');
    await expect.poll(() => phase(page), patience).toMatch(/running|done/);
    const said = await page.evaluate(() => String(Reflect.get(window, 'said')));
    expect(said).toMatch(/Starting over/);
    expect(said).not.toMatch(/Loading/);
  });

  test('mark on the curves where a setting was changed, and do not credit one alone', async () => {
    await expect.poll(() => epochs(page), patience).toBeGreaterThanOrEqual(2);
    await page.getByLabel('L2, λ').press('Home');
    await expect.poll(() => page.getByTestId('marks').first().textContent(), patience).toMatch(/epoch \d+: L2, λ off/);
    expect(await claim(3)).toMatch(/settings were changed on the way/);
  });

  test('hold still where motion is unwelcome: the network changes when it is asked for', async () => {
    const shown = await text(page, 'step');
    const before = await epochs(page);
    await expect.poll(() => epochs(page), patience).toBeGreaterThan(before + 2);
    expect(await text(page, 'step')).toBe(shown);
    await press(page, 'Show the newest step');
    await expect.poll(() => text(page, 'step'), patience).not.toBe(shown);
    await press(page, 'Pause');
  });

  test('compute with our kernels, on threads where the page is isolated, and say so', async () => {
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(await text(page, 'runtime')).toMatch(/WebAssembly with the kernels of @keepprob\/kernels, (\d|one) thread/);
    expect(complaints).toEqual([]);
  });
});

describe('the settings', () => {
  test('that an address gets wrong are brought into range, and said', async () => {
    const { page } = await site.open('#/digits?keepProb1=7&colour=red');
    expect(await page.locator('.notes').textContent()).toMatch(
      /cannot be “7”: 1\.00 is used.*“colour”|“colour”.*cannot/s,
    );
    await page.close();
  });

  test.each([
    { name: 'in a low window', size: { width: 1360, height: 900 }, touch: false },
    { name: 'on a phone', size: { width: 360, height: 740 }, touch: true },
  ])('$name can all be reached, with Pause in sight', async ({ size, touch }) => {
    const { page } = await site.open('#/digits', { viewport: size, hasTouch: touch, isMobile: touch });
    if (touch) await page.getByText('Settings', { exact: true }).tap();
    const seed = page.getByLabel('Seed', { exact: true });
    await seed.scrollIntoViewIfNeeded();
    const inside = async (box: { y: number; height: number } | null): Promise<boolean> =>
      box !== null && box.y >= 0 && box.y + box.height <= size.height;
    expect(await inside(await seed.boundingBox())).toBe(true);
    expect(await inside(await page.getByRole('button', { name: 'Train', exact: true }).boundingBox())).toBe(true);
    if (touch) {
      const heights = await page
        .locator('button:not(.word), select, input, summary, footer a, .brand a')
        .evaluateAll(all => all.map(element => Math.round(element.getBoundingClientRect().height)).filter(Boolean));
      expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
    }
    await page.close();
  });
});

test('where motion is welcome, training begins by itself', async () => {
  const { page } = await site.open('#/digits?trainSize=200&epochs=20', { reducedMotion: 'no-preference' });
  await expect.poll(() => epochs(page), patience).toBeGreaterThan(0);
  await page.close();
});

test('a scene that is left while it still comes does not hold up the next one', async () => {
  const { page, complaints } = await site.open('#/plane?points=30');
  const names = ['lecture', 'plane', 'digits'];
  for (const name of names) {
    await page.getByRole('button', { name: 'Train', exact: true }).waitFor();
    await page.evaluate(to => location.assign(`#/${to}`), name);
  }
  await page.getByTestId('reading').first().waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test('a learning rate that is too high ends the training with the reason and the step, or is told', async () => {
  const { page, complaints } = await site.open('#/plane?learningRate=1000&points=30');
  const go = (hash: string): Promise<void> => page.evaluate(to => location.assign(to), hash);
  await press(page, 'Train');
  await expect.poll(() => phase(page), patience).toBe('failed');
  expect(await text(page, 'status')).toMatch(
    /^(No regularization|L2|Dropout): .* at step \d+ .*not updated\. [^√]*learning rate/s,
  );
  await go('#/lecture?learningRate=10&points=30&iterations=10000');
  await press(page, 'Train');
  await expect.poll(() => page.getByTestId('trouble').count(), patience).toBe(1);
  expect(await text(page, 'trouble')).toMatch(
    /^After iteration [\d,]+ .* learning rate, 10, (is probably|may be) too high/,
  );
  await press(page, 'Reset');
  await go('#/digits?learningRate=1&trainSize=200&epochs=200');
  await press(page, 'Train');
  await expect.poll(() => page.getByTestId('trouble').count(), patience).toBe(1);
  expect(await text(page, 'trouble')).toMatch(/better than by guessing.* learning rate, 1, is probably too high/);
  await press(page, 'Pause');
  expect(complaints).toEqual([]);
  await page.close();
});
