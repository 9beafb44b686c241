/** Pages whose figures a script wrote: each part stands between two comments. */
import { readFile, writeFile } from 'node:fs/promises';

/** A part of a page of the repository. */
export interface Part {
  /** Such as 'docs/search.md'. */
  readonly page: string;
  readonly part: string;
  readonly markdown: string;
}

const repository = new URL('../../', import.meta.url);
/** A file of the repository, from the program as built. */
export const fileOf = (path: string): URL => new URL(path, repository);

/** The page with this in the place of what was there. */
export function placed(page: string, text: string, part: string, markdown: string): string {
  const [start, end] = [`<!-- measured:${part} -->`, `<!-- /measured:${part} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new RangeError(`${page} has no place for ${part}: ${start} … ${end}`);
  return `${text.slice(0, from)}${start}\n${markdown}\n${text.slice(to)}`;
}

export async function place({ page, part, markdown }: Part): Promise<void> {
  await writeFile(fileOf(page), placed(page, await readFile(fileOf(page), 'utf8'), part, markdown));
}
