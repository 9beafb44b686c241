/** The page of this folder, built and served on a free port. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';
import { shared } from '../../../../vitest.shared.ts';

/** What the page says. */
export interface Answer {
  readonly type: 'begin' | 'step' | 'epoch' | 'writing' | 'done' | 'failed';
  readonly why: string;
  readonly step: number;
  readonly weights: readonly (readonly number[])[];
  readonly frames: number;
  readonly visibility: string;
}

export interface Site {
  readonly url: string;
  /** Called with what pages post to it that have no `tell`. */
  onPost: (answer: Answer) => void;
  close(): Promise<void>;
}

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
            // a page that ends in the middle of it has said nothing
            const said = await text(request).catch(() => undefined);
            if (said !== undefined) site.onPost(JSON.parse(said));
            response.end();
          }),
      },
    ],
  });
  const site: Site = {
    url: server.resolvedUrls!.local[0]!,
    onPost: () => undefined,
    async close() {
      await server.close();
      await rm(outDir, { recursive: true });
    },
  };
  return site;
}
