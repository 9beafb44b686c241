/** Searches that are killed −9 in the middle, with the processes that compute for them, and go on. The built package runs, as it would for a user. */
import { type ChildProcess, execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { freshFolder, linesOf, withoutTimes } from '../support/folders.ts';
import { isAlive, plain, runSearch } from '../support/searches.ts';

/** Those that compute for it. */
const childrenOf = ({ pid }: ChildProcess): number[] =>
  execFileSync('ps', ['-o', 'pid=', '--ppid', `${pid}`], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean)
    .map(Number);

const run = (
  store: string,
  workers: number,
  at?: number,
  act?: (search: ChildProcess) => void,
): Promise<string | undefined> => runSearch('search', [store, workers], at, act);

let calm: unknown;
let lines: readonly string[];
beforeAll(async () => {
  const store = freshFolder();
  calm = plain(await run(store, 1));
  lines = withoutTimes(linesOf(store)).sort();
});

describe('each unit is recorded once, and all comes to what a calm search comes to, to the bit', () => {
  test('with two workers', async () => {
    const store = freshFolder();
    expect(plain(await run(store, 2))).toEqual(calm);
    expect(withoutTimes(linesOf(store)).sort()).toEqual(lines);
  });

  test('with a worker killed −9 in mid-unit', async () => {
    const store = freshFolder();
    const found = await run(store, 2, 2, search => {
      const [child] = childrenOf(search);
      if (child) process.kill(child, 'SIGKILL');
    });
    expect(plain(found)).toEqual(calm);
    expect(withoutTimes(linesOf(store)).sort()).toEqual(lines);
  });

  test('with the search killed −9, whose workers end by themselves, and begun again', async () => {
    const store = freshFolder();
    let children: readonly number[] = [];
    const found = await run(store, 2, 4, search => {
      children = childrenOf(search);
      search.kill('SIGKILL');
    });
    expect(found).toBe(undefined);
    expect(children.length).toBe(2);
    while (children.some(isAlive)) await new Promise(resolve => setTimeout(resolve, 20));
    expect(plain(await run(store, 2))).toEqual(calm);
    expect(withoutTimes(linesOf(store)).sort()).toEqual(lines);
  });
});
