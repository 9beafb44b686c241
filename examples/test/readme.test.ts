/** Every program of the README runs as it stands, and prints what the README says. */
import { beforeAll, expect, test } from 'vitest';
import { type Outcomes, runModules, shapeOf, snippetsOf } from './snippets.ts';

const snippets = (await snippetsOf(new URL('../../README.md', import.meta.url))).map(snippet => ({
  ...snippet,
  file: `${snippet.title.replace(/\W+/g, '-')}.mjs`,
}));
let outcomes: Outcomes = new Map();
beforeAll(async () => {
  outcomes = await runModules('root', new Map(snippets.map(({ file, code }) => [file, code])));
});

test('the README has a program for stock fit, for fit, and for the lens', () => expect(snippets.length).toBe(3));

test.each(snippets.map(({ title, file, prints = '' }) => [title, file, prints]))('%s', (_, file, prints) => {
  const outcome = outcomes.get(file);
  expect(outcome?.failure).toBe('');
  expect(prints).not.toBe('');
  expect(shapeOf(outcome?.printed ?? '')).toBe(shapeOf(prints));
});
