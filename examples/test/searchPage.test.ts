/** Every program of docs/search.md runs, with few trials and epochs, and the trials that it shows are those that were measured. */
import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { inFront, yours } from './given.ts';
import { type Outcomes, runModules, snippetsOf } from './snippets.ts';

const trialFile = (code: string): string | undefined => /^\/\/ (\w+\.js)\n/.exec(code)?.[1];
const quick = (code: string): string =>
  code
    .replace(/\b(trials|epochs|top|seeds): \d+/g, (_, name: string) => `${name}: ${name === 'trials' ? 2 : 1}`)
    .replace('k: 5', 'k: 2');

const snippets = (await snippetsOf(new URL('../../docs/search.md', import.meta.url))).map(({ title, code }) => ({
  title,
  code,
  file: trialFile(code) ?? `${title.replace(/\W+/g, '-')}.mjs`,
}));
const trials = snippets.filter(({ code }) => trialFile(code));
const programs = snippets.filter(({ code }) => !trialFile(code));
// those that bring a trial along are whole
const whole = (code: string): string => (/from '.\/|^\/\/ /.test(code) ? code : inFront(code, yours));
const codes = (list: typeof snippets) => new Map(list.map(({ file, code }) => [file, quick(whole(code))]));
let outcomes: Outcomes = new Map();
beforeAll(async () => {
  outcomes = await runModules('searchPage', codes(programs), codes(trials));
});

test('there are two trials and a program for each', () => expect([trials.length, programs.length]).toEqual([2, 3]));

test.each(programs.map(({ title, file }) => [title, file]))('%s', (_, file) =>
  expect(outcomes.get(file)).toMatchObject({ failure: '' }),
);

test.each(trials.map(({ file, code }) => [file, code]))('%s is the one in examples/search', async (file, code) =>
  expect(await readFile(new URL(`../search/${file}`, import.meta.url), 'utf8')).toBe(code),
);
