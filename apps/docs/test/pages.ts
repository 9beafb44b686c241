/** The pages of the site as its build writes them, without the API. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const docs = fileURLToPath(new URL('..', import.meta.url));

export interface Pages {
  /** The text of each page by its address: '/guides/trainer', '/techniques/'. */
  readonly texts: ReadonlyMap<string, string>;
  /** The names of the images. */
  readonly images: readonly string[];
}

const addressOf = (file: string): string => `/${file.replaceAll('\\', '/').replace(/(^|\/)index\.md$|\.md$/, '$1')}`;

async function markdownIn(folder: string): Promise<Map<string, string>> {
  const files = (await readdir(folder, { recursive: true })).filter(file => file.endsWith('.md'));
  return new Map(
    await Promise.all(files.map(async file => [addressOf(file), await readFile(join(folder, file), 'utf8')] as const)),
  );
}

/** Every page as it is built. */
export async function writtenPages(): Promise<Pages> {
  const folder = await mkdtemp(join(tmpdir(), 'keepprob-site-'));
  try {
    await promisify(execFile)(process.execPath, [`${docs}scripts/write.mjs`, '--no-api', '--out', folder]);
    return { texts: await markdownIn(folder), images: await readdir(join(folder, 'public')) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The pages that are written by hand, without what they include: that is tested where it comes from. */
export const ownPages = (): Promise<ReadonlyMap<string, string>> => markdownIn(`${docs}pages`);

/** Each heading and each link outside of code. */
const proseOf = (text: string): string => text.replace(/^(`{3,})[\s\S]*?^\1/gm, '');
export const linksIn = (text: string): string[] =>
  [
    ...proseOf(text)
      .replace(/`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)|^\s+link: (\S+)$/gm),
  ].flatMap(([, link, inFront]) => link ?? inFront ?? []);
export const headingsIn = (text: string): string[] =>
  [...proseOf(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
