/** Every snippet of every package's README runs, in front of a model and data that its reader is taken to have. */
import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { inFront, theirs, yours } from './given.ts';
import { type Outcomes, runModules, snippetsOf } from './snippets.ts';

/** Such as `// task.js, in the worker`. */
const fileOf = (code: string): string | undefined => /^\/\/ (\w+\.js)\b/.exec(code)?.[1];

const packages = new URL('../../packages/', import.meta.url);
// what it shows runs in a test runner
const names = readdirSync(packages).filter(name => name !== 'testing');

describe.each(names)('%s', async name => {
  const snippets = (await snippetsOf(new URL(`${name}/README.md`, packages))).map(({ title, code }) => ({
    title,
    file: fileOf(code) ?? `${title.replace(/\W+/g, '-')}.mjs`,
    code: inFront(code, { ...yours, ...theirs[name] }),
  }));
  // a file that others need
  const isTask = ({ file }: { readonly file: string }): boolean => file === 'task.js';
  const codes = (list: typeof snippets) => new Map(list.map(({ file, code }) => [file, code]));
  const run = snippets.filter(snippet => !isTask(snippet));
  let outcomes: Outcomes = new Map();
  beforeAll(async () => {
    outcomes = await runModules(name, codes(run), codes(snippets.filter(isTask)));
  });

  test('shows code', () => expect(snippets.length + Number(name === 'cli')).toBeGreaterThan(0));

  test.each(run.map(({ title, file }) => [title, file]))('%s', (_, file) =>
    expect(outcomes.get(file)?.failure).toBe(''),
  );
});
