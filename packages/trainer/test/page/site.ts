/** The page of this folder, built and served on a free port, and a Chromium to look at it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { build, preview } from 'vite';
import { chromiumOptions } from '../../../../chromium.shared.ts';
import { shared } from '../../../../vitest.shared.ts';

/** What the page says. */
export interface Answer {
  readonly type: 'begin' | 'step' | 'epoch' | 'done' | 'failed';
  readonly why: string;
  readonly step: number;
  readonly weights: readonly (readonly number[])[];
  readonly frames: number;
  readonly visibility: string;
}

export interface Site {
  readonly url: string;
  readonly browser: Browser;
  /** Called with what pages post to it that have no `tell`. */
  onPost: (answer: Answer) => void;
  close(): Promise<void>;
}

/** Playwright switches these on; then a hidden page has timers like any other. */
const unthrottled = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

export async function openSite(): Promise<Site> {
  const root = fileURLToPath(new URL('.', import.meta.url));
  const outDir = await mkdtemp(join(tmpdir(), 'keepprob-page-'));
  const common = { root, configFile: false, logLevel: 'error', resolve: shared.resolve! } as const;
  await build({ ...common, build: { outDir, emptyOutDir: true, target: 'esnext', minify: false } });
  const server = await preview({
    ...common,
    build: { outDir },
    preview: { port: 4700, strictPort: false },
    plugins: [
      {
        name: 'tell',
        configurePreviewServer: ({ middlewares }) =>
          void middlewares.use('/tell', async (request, response) => {
            site.onPost(JSON.parse(await text(request)));
            response.end();
          }),
      },
    ],
  });
  const browser = await chromium.launch({ ...chromiumOptions, ignoreDefaultArgs: unthrottled });
  const site: Site = {
    url: server.resolvedUrls!.local[0]!,
    browser,
    onPost: () => undefined,
    async close() {
      await browser.close();
      await server.close();
      await rm(outDir, { recursive: true });
    },
  };
  return site;
}
