/** The pictures of the README, taken from the built page: with UPDATE_PICTURES=1 anew, after runs as long as the page has them. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { coloursOf, openSite, type Site } from './browser.ts';

const anew = process.env.UPDATE_PICTURES === '1';
const top = new URL('../../../', import.meta.url);
const most = 120_000;

/** What is shown, at which width of the window; and the same of a short run. */
const pictures = [
  {
    name: 'plane',
    address: '#/plane?iterations=3000',
    short: '#/plane?points=30&iterations=100',
    part: '[aria-label=Borders]',
    width: 1200,
  },
  { name: 'digits', address: '#/digits', short: '#/digits?trainSize=200&epochs=20', part: '.numbers', width: 520 },
  {
    ...{ name: 'should', address: '#/should', part: '[aria-label=Answer]', width: 520 },
    short: '#/should?points=30&hidden=8&epochs=10&pairs=4',
  },
] as const;

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

interface WebP {
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
}

async function asWebP(page: Page, png: Buffer): Promise<WebP> {
  const { base64, ...size } = await page.evaluate(
    async source => {
      const image = await createImageBitmap(await (await fetch(source)).blob());
      const { width, height } = image;
      const canvas = new OffscreenCanvas(width, height);
      canvas.getContext('2d')!.drawImage(image, 0, 0);
      const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.85 });
      const bytes = Array.from(new Uint8Array(await blob.arrayBuffer()), byte => String.fromCharCode(byte));
      return { base64: btoa(bytes.join('')), width, height };
    },
    `data:image/png;base64,${png.toString('base64')}`,
  );
  return { bytes: Buffer.from(base64, 'base64'), ...size };
}

/** `npm test` looks at one of them, `npm run test:long` at all. */
const looked = anew || process.env.CASES === 'all' ? pictures : pictures.slice(0, 1);

test.each(looked)(
  '$name can be shown: its picture is not blank, and small',
  async ({ name, address, short, part, width }) => {
    const { page, complaints } = await site.open(anew ? address : short, {
      viewport: { width, height: 900 },
      deviceScaleFactor: 1.5,
    });
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await expect
      .poll(() => page.getByTestId('status').getAttribute('data-phase'), { timeout: 600_000, interval: 50 })
      .toBe('done');
    for (const button of await page.getByRole('button', { name: /^Show the newest/ }).all()) await button.click();
    const png = await page.locator(part).screenshot({ style: 'button:not(.word) { display: none }' });
    const picture = await asWebP(page, png);
    if (anew) {
      await writeFile(new URL(`docs/play-${name}.webp`, top), picture.bytes);
      console.log(`docs/play-${name}.webp: ${picture.width} × ${picture.height}`);
    }
    const { colours, commonest } = await coloursOf(page, png);
    expect(colours).toBeGreaterThan(200);
    expect(commonest).toBeLessThan(0.97);
    expect(picture.bytes.length).toBeLessThan(most);
    expect(complaints).toEqual([]);
    await page.close();
  },
);

test('the README shows them with words, and in their proportions', async () => {
  const { page } = await site.open('about:blank');
  const readme = await readFile(new URL('README.md', top), 'utf8');
  const shown = [
    ...readme.matchAll(
      /<img src="(docs\/play-(\w+)\.webp)" width="(\d+)" height="(\d+)"(?: align="top")? alt="([^"]{40,})">/g,
    ),
  ];
  expect(shown.map(([, , name]) => name)).toEqual(pictures.map(({ name }) => name));
  for (const [, path = '', , width, height] of shown) {
    const file = new URL(path, top);
    expect((await stat(file)).size).toBeLessThan(most);
    const size = await page.evaluate(
      async source => {
        const image = await createImageBitmap(await (await fetch(source)).blob());
        return image.width / image.height;
      },
      `data:image/webp;base64,${await readFile(file, 'base64')}`,
    );
    expect(Number(width) / Number(height)).toBeCloseTo(size, 1);
  }
  await page.close();
});
