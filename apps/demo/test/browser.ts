/** The built page, served on a free port, and a Chromium that looks at it. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type Plugin, preview } from 'vite';
import { chromiumOptions } from '../../../chromium.shared.ts';

export const root = fileURLToPath(new URL('..', import.meta.url));

export interface Opened {
  readonly page: Page;
  /** Whatever went wrong in the page: errors on the console, exceptions, files that did not come. */
  readonly complaints: string[];
}

export interface Site {
  /** A page without motion, which does not start by itself unless it is asked for; `hash` is the address behind it: '#/digits?seed=3'. */
  open(hash?: string, options?: Parameters<Browser['newPage']>[0]): Promise<Opened>;
  readonly url: string;
  close(): Promise<void>;
}

/** Serves what is built. */
export async function serveDemo(plugins: Plugin[] = []): Promise<{ readonly url: string; close(): Promise<void> }> {
  if (!existsSync(`${root}/dist/index.html`)) throw new Error('The demo is not built. Run `npm run build` first.');
  const server = await preview({ root, plugins, logLevel: 'error', preview: { port: 4600, strictPort: false } });
  const url = server.resolvedUrls?.local[0];
  if (!url) throw new Error('The preview server gave no address.');
  return { url, close: () => server.close() };
}

export async function openSite(): Promise<Site> {
  const server = await serveDemo();
  const browser = await chromium.launch(chromiumOptions);
  return {
    url: server.url,
    async open(hash = '#/digits', options = {}) {
      const page = await browser.newPage({
        viewport: { width: 1360, height: 900 },
        reducedMotion: 'reduce',
        // it would fetch the whole build each time, and answer in place of a test that injects failures
        serviceWorkers: 'block',
        ...options,
      });
      // ends what hangs; a machine that is busy may take as long as it needs
      page.setDefaultTimeout(600_000);
      const complaints: string[] = [];
      page.on('console', message => {
        if (/Service Worker registration blocked by Playwright/.test(message.text())) return;
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('pageerror', error => complaints.push(String(error)));
      page.on('requestfailed', request => {
        const reason = request.failure()?.errorText;
        // a reload cancels what is still on its way
        if (reason !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${reason}`);
      });
      await page.goto(hash === 'about:blank' ? hash : server.url + hash);
      return { page, complaints };
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** Where a screenshot is neither blank nor nearly so: how many colours it has, and the share of its commonest one. */
export const coloursOf = (page: Page, png: Buffer): Promise<{ colours: number; commonest: number }> =>
  page.evaluate(
    async source => {
      const image = await createImageBitmap(await (await fetch(source)).blob());
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
      context.drawImage(image, 0, 0);
      const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
      const counts = new Map<number, number>();
      for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
      return { colours: counts.size, commonest: Math.max(...counts.values()) / pixels.length };
    },
    `data:image/png;base64,${png.toString('base64')}`,
  );
