/** The table of the README: which options of recurrent layers our kernels do. */
import '@tensorflow/tfjs-backend-wasm';
import { readFile } from 'node:fs/promises';
import { register } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { install, uninstall } from '../../src/wasm.ts';
import { layers, options, whatRuns } from '../support/coverage.ts';
import { allCases } from '../support/numbers.ts';

const names = Object.keys(layers);
/** What runs by each option alone, by layer and option. */
const alone = new Map<string, Map<string, Awaited<ReturnType<typeof whatRuns>>>>();

beforeAll(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  await tf.setBackend('wasm');
  await install();
  register();
  for (const name of names) {
    const byOption = new Map<string, Awaited<ReturnType<typeof whatRuns>>>();
    for (const [title, option] of Object.entries(options)) byOption.set(title, await whatRuns(name, [option]));
    alone.set(name, byOption);
  }
});
afterAll(async () => {
  uninstall();
  vi.restoreAllMocks();
  await tf.setBackend('cpu');
});

test('the table of the README says for each option what runs', async () => {
  const rows = Object.keys(options).map(
    title => `| ${[title, ...names.map(name => alone.get(name)?.get(title) ?? '–')].join(' | ')} |`,
  );
  const head = `| option | ${names.map(name => `\`${name}\``).join(' | ')} |`;
  const table = [head, `|${'---|'.repeat(names.length + 1)}`, ...rows];
  const lines = (await readFile(new URL('../../README.md', import.meta.url), 'utf8')).split('\n');
  const from = lines.indexOf(head);
  expect(lines.slice(from, from + table.length)).toEqual(table);
});

/** All subsets of at most so many. */
function* subsets<T>(of: readonly T[], size: number): Generator<T[]> {
  yield [];
  if (size === 0) return;
  for (const [i, first] of of.entries()) for (const rest of subsets(of.slice(i + 1), size - 1)) yield [first, ...rest];
}

type Given = (typeof options)[string];
/** Not two that both say what takes the layer's place, nor what only one of them can be told. */
const fit = (a: Given, b: Given): boolean =>
  !(a.make && (b.make || b.both || b.args)) && !(b.make && (a.both || a.args !== undefined));

describe.each(names)('%s', name => {
  test('options together run the kernel where each of them alone does', {
    timeout: allCases ? 600_000 : 30_000,
  }, async () => {
    const whatOf = (title: string): string | undefined => alone.get(name)?.get(title);
    const known = Object.keys(options).filter(title => whatOf(title) !== undefined);
    const covered = known.filter(title => whatOf(title) === 'kernel' && !options[title]?.make);
    // every three of them take long: all at once, and each of the others with all that are covered
    const tried = allCases
      ? [...subsets(known, 3)]
      : [covered, ...known.filter(title => whatOf(title) === 'stock').map(title => [...covered, title])];
    for (const titles of tried) {
      const chosen = titles.map(title => options[title]!);
      if (chosen.some((a, i) => chosen.slice(i + 1).some(b => !fit(a, b)))) continue;
      const expected = titles.every(title => whatOf(title) === 'kernel') ? 'kernel' : 'stock';
      expect([titles, await whatRuns(name, chosen)]).toEqual([titles, expected]);
    }
  });
});
