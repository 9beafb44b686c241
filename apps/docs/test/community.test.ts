/** The list of plugins of others is as its schema says, and the page shows it. */
import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';

/** Scripts of the site have no types. */
const scripts: { communityTable(listed: readonly object[]): string } = await import(
  new URL('../scripts/community.mjs', import.meta.url).href
);
const { communityTable } = scripts;
const json = async (name: string) =>
  JSON.parse(await readFile(new URL(`../community/${name}`, import.meta.url), 'utf8'));
const isList = new Ajv({ strict: false }).compile(await json('plugins.schema.json'));
const list: { readonly plugins: readonly { readonly name: string }[] } = await json('plugins.json');

const quiet = {
  name: '@me/keepprob-plugin-quiet',
  kind: 'layer',
  what: 'adds noise to activations',
  paper: 'Bishop (1995)',
  repository: 'https://github.com/me/keepprob-plugin-quiet',
};

test('the list is one, in the order of names, with each package once', () => {
  expect(isList(list) || isList.errors).toBe(true);
  const names = list.plugins.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)].sort());
});

test('an entry becomes a row of the table', () => {
  expect(isList({ plugins: [quiet] }) || isList.errors).toBe(true);
  expect(communityTable([quiet]).split('\n').at(-1)).toBe(
    '| [`@me/keepprob-plugin-quiet`](https://github.com/me/keepprob-plugin-quiet) | layer | adds noise to activations; Bishop (1995) |',
  );
  expect(communityTable([])).toMatch(/empty so far/);
});

test.each<[string, object]>([
  ['another name', { name: 'quiet' }],
  ['another kind', { kind: 'optimizer' }],
  ['a full stop', { what: 'adds noise to activations.' }],
  ['a mark of a table', { what: 'adds noise | to activations' }],
  ['HTML', { what: 'adds <img src=x onerror=alert(1)> to it' }],
  ['an address that is none', { repository: 'javascript:alert(1)' }],
  ['a key that is not known', { stars: 5 }],
  ['no repository', { repository: undefined }],
])('%s is refused', (_, change) => {
  expect(isList({ plugins: [JSON.parse(JSON.stringify({ ...quiet, ...change }))] })).toBe(false);
});
