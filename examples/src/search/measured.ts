/** `npm run measure -- search`: what docs/search.md says. Each part writes what it measured between two comments of the page. */
import { place } from '../placed.ts';
import { reachTable } from './reach.ts';
import type { Walked } from './walk.ts';
import { walkAll } from './walkAll.ts';
import { betweenText, walkTable } from './walked.ts';

const parts: Readonly<Record<string, () => Promise<string>>> = {
  lecture: async () => told(await walkAll('lecture', [1, 2])),
  mnist: async () => told(await walkAll('mnist', [1])),
  samplers: reachTable,
};
/** The parts of the page. */
export const searchParts: readonly string[] = Object.keys(parts);

const told = (walks: readonly (readonly Walked[])[]): string => `${walkTable(walks)}\n\n${betweenText(walks)}`;

export async function measureSearch(only: readonly string[]): Promise<void> {
  for (const name of only) {
    const markdown = await parts[name]?.();
    if (markdown === undefined) throw new RangeError(`There is no part ${name}: ${searchParts.join(', ')}.`);
    console.log(markdown);
    await place({ page: 'docs/search.md', part: name, markdown });
  }
}
