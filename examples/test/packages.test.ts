/** Every snippet of every package's README runs, in front of a model and data that its reader is taken to have. */
import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { inFront, shorter, theirs, yours } from './given.ts';
import { type Outcomes, runModules, snippetsOf } from './snippets.ts';

/** Such as `// task.js, in the worker`. */
const fileOf = (code: string): string | undefined => /^\/\/ (\w+\.js)\b/.exec(code)?.[1];

const packages = new URL('../../packages/', import.meta.url);
// what it shows runs in a test runner
const names = readdirSync(packages).filter(name => name !== 'testing');

const allEpochs = process.env.CASES === 'all';
const shortened = (name: string, code: string): string => {
  const [long, short] = (!allEpochs && shorter[name]) || ['', ''];
  return code.replace(long, short);
};

const snippets = (
  await Promise.all(
    names.map(async name =>
      (
        await snippetsOf(new URL(`${name}/README.md`, packages))
      ).map(({ title, code }) => ({
        ...{ name, title },
        file: `${name}/${fileOf(code) ?? `${title.replace(/\W+/g, '-')}.mjs`}`,
        code: inFront(shortened(name, code), { ...yours, ...theirs[name] }),
      })),
    ),
  )
).flat();
// a file that others need
const isTask = ({ file }: { readonly file: string }): boolean => file.endsWith('/task.js');
const codes = (list: typeof snippets) => new Map(list.map(({ file, code }) => [file, code]));
const run = snippets.filter(snippet => !isTask(snippet));
let outcomes: Outcomes = new Map();
beforeAll(async () => {
  outcomes = await runModules('packages', codes(run), codes(snippets.filter(isTask)));
});

test.skipIf(allEpochs).each(Object.entries(shorter))(
  '%s trains for as long as it is said to',
  (name, [long, short]) => {
    const codes = snippets.filter(snippet => snippet.name === name).map(({ code }) => code);
    expect(codes.some(code => code.includes(short) && !code.includes(long))).toBe(true);
  },
);

describe.each(names)('%s', name => {
  const ofIt = (snippet: { readonly name: string }): boolean => snippet.name === name;

  test('shows code', () => expect(snippets.filter(ofIt).length + Number(name === 'cli')).toBeGreaterThan(0));

  test.each(run.filter(ofIt).map(({ title, file }) => [title, file]))('%s', (_, file) =>
    expect(outcomes.get(file)?.failure).toBe(''),
  );
});
