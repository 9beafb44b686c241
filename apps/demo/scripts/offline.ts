/** Builds the service worker beside the page: with a list of all files of the build, each by its content. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Plugin } from 'vite';

const entry = fileURLToPath(new URL('../src/offline/worker.ts', import.meta.url));

export interface BuiltFile {
  /** Its path in the build. */
  readonly url: string;
  /** What changes when it does; null where that is in its name. */
  readonly revision: string | null;
}

/** Vite puts the hash of what is in a file into its name, in this folder. */
const isNamedByContent = (url: string): boolean => url.startsWith('assets/');

/** All files of a build, but for the service worker. */
export async function filesOf(folder: string): Promise<BuiltFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const urls = entries
    .filter(found => found.isFile())
    .map(found => relative(folder, join(found.parentPath, found.name)).split(sep).join('/'))
    .filter(url => url !== 'sw.js')
    .sort();
  return Promise.all(
    urls.map(async url => ({
      url,
      revision: isNamedByContent(url)
        ? null
        : createHash('sha256')
            .update(await readFile(join(folder, url)))
            .digest('hex')
            .slice(0, 16),
    })),
  );
}

export const offline = (): Plugin => ({
  name: 'offline',
  apply: 'build',
  async writeBundle({ dir }) {
    if (!dir) return;
    await build({
      entryPoints: [entry],
      outfile: join(dir, 'sw.js'),
      bundle: true,
      minify: true,
      format: 'iife',
      target: 'es2022',
      define: { __FILES__: JSON.stringify(await filesOf(dir)), 'process.env.NODE_ENV': '"production"' },
      logLevel: 'warning',
    });
  },
});
