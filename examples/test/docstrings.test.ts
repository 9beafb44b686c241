/** Every example in the docstring of an export runs as it stands, and comes to what its comments say; every function has one. */
import { beforeAll, describe, expect, test } from 'vitest';
import { moduleOf } from './docExample.ts';
import { type Export, exportsOfPackages } from './doors.ts';
import { theirs, yours } from './given.ts';
import { type Outcomes, runModules } from './snippets.ts';

const packages = exportsOfPackages();
const all = [...packages.values()].flat();

/** What an example may use besides: what hooks and `forward` are given. */
const more: typeof yours = {
  ...yours,
  writeFile: `import { writeFile } from 'node:fs/promises';`,
  images: 'const images = tf.randomUniform([16, 8, 8, 3]);',
  weights: 'const weights = weightsOf(model);',
  at: `const at = {
    epoch: 0, step: 0, phase: 'train', rows: [0, 64], learningRate: 0.1, key: () => ({ seed: 7, step: 0, site: 0, draw: 0 }),
  };`,
};

interface Module {
  readonly title: string;
  readonly file: string;
  readonly code: string;
}

/** The examples of a package; what two doors export is run for the first, and that of a type is for the compiler. */
function modulesOf(folder: string, exported: readonly Export[]): Module[] {
  const own = exported.filter(
    ({ examples, value }, i) => value && i === exported.findIndex(other => other.examples[0] === examples[0]),
  );
  return own.flatMap(owner =>
    owner.examples.map((code, i) => {
      const title = `${owner.door}: ${owner.name}${i > 0 ? `, ${i + 1}` : ''}`;
      const file = /^\/\/ (\w+\.js)\b/.exec(code)?.[1] ?? `${title.replace(/\W+/g, '-')}.mjs`;
      return { title, file: `${folder}/${file}`, code: moduleOf(code, owner, all, { ...more, ...theirs[folder] }) };
    }),
  );
}

const shown = [...packages]
  .map(([folder, exported]) => ({ folder, modules: modulesOf(folder, exported) }))
  .filter(({ modules }) => modules.length > 0);

// a file that others need
const isTask = ({ file }: Module): boolean => file.endsWith('/task.js');
const codes = (list: readonly Module[]) => new Map(list.map(({ file, code }) => [file, code]));
const modules = shown.flatMap(({ modules }) => modules);
let outcomes: Outcomes = new Map();
beforeAll(async () => {
  const run = modules.filter(module => !isTask(module));
  outcomes = await runModules('docs', codes(run), codes(modules.filter(isTask)));
});

describe.each(shown.map(({ folder, modules }) => [folder, modules] as const))('%s', (_, modules) => {
  const run = modules.filter(module => !isTask(module));
  test.each(run.map(({ title, file }) => [title, file]))('%s', (_, file) =>
    expect(outcomes.get(file)?.failure).toBe(''),
  );
});

// what a message says stands in it
const spoken = all.filter(({ name }) => !name.startsWith('messages.'));

test('whatever is called has an example', () => {
  const without = spoken.filter(({ called, examples }) => called && examples.length === 0);
  expect(without.map(({ door, name }) => `${door}: ${name}`)).toEqual([]);
});

test('every export says what it is, field by field', () => {
  expect(spoken.flatMap(({ door, silent }) => silent.map(part => `${door}: ${part}`))).toEqual([]);
});

test('an option that may be left out says what holds then', () =>
  expect(all.flatMap(({ door, withoutDefault }) => withoutDefault.map(part => `${door}: ${part}`))).toEqual([]));
