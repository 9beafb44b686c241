/** Searches that are killed −9 in the middle, with the processes that compute for them, and go on. The built package runs, as it would for a user. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { freshFolder, linesOf, withoutTimes } from '../support/folders.ts';

const program = fileURLToPath(new URL('../programs/search.mjs', import.meta.url));

interface Ended {
  readonly found: string | undefined;
  /** Those that computed, as they were when `at` units were measured. */
  readonly children: readonly number[];
}

const childrenOf = ({ pid }: ChildProcess): number[] =>
  execFileSync('ps', ['-o', 'pid=', '--ppid', `${pid}`], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean)
    .map(Number);

/** Runs until the end, or until so many units are measured; then `act` is asked what to do. */
function run(
  store: string,
  workers: number,
  at = -1,
  act: (children: readonly number[], search: ChildProcess) => void = () => undefined,
): Promise<Ended> {
  const search = spawn(process.execPath, [program, store, `${workers}`], { stdio: ['ignore', 'pipe', 'ignore'] });
  let found: string | undefined;
  let children: readonly number[] = [];
  createInterface({ input: search.stdout }).on('line', line => {
    if (line.startsWith('found ')) found = line.slice(6);
    if (line !== `unit ${at}`) return;
    children = childrenOf(search);
    act(children, search);
  });
  return new Promise(resolve => search.once('close', () => resolve({ found, children })));
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** What was found, beside where it is written and how long it took. */
const plain = (found: string | undefined): unknown =>
  JSON.parse(found ?? 'null', (key, value) =>
    key === 'seconds' || key === 'journal'
      ? null
      : key === 'units' && Array.isArray(value)
        ? value.sort((a, b) => a.fold - b.fold || a.seed - b.seed)
        : value,
  );

let calm: unknown;
let lines: readonly string[];
beforeAll(async () => {
  const store = freshFolder();
  calm = plain((await run(store, 1)).found);
  lines = withoutTimes(linesOf(store)).sort();
});

describe('each unit is recorded once, and all comes to what a calm search comes to, to the bit', () => {
  test('with two workers', async () => {
    const store = freshFolder();
    expect(plain((await run(store, 2)).found)).toEqual(calm);
    expect(withoutTimes(linesOf(store)).sort()).toEqual(lines);
  });

  test('with a worker killed −9 in mid-unit', async () => {
    const store = freshFolder();
    const { found } = await run(store, 2, 2, ([child]) => child && process.kill(child, 'SIGKILL'));
    expect(plain(found)).toEqual(calm);
    expect(withoutTimes(linesOf(store)).sort()).toEqual(lines);
  });

  test('with the search killed −9, whose workers end by themselves, and begun again', async () => {
    const store = freshFolder();
    const { found, children } = await run(store, 2, 4, (_, search) => search.kill('SIGKILL'));
    expect(found).toBe(undefined);
    expect(children.length).toBe(2);
    while (children.some(isAlive)) await new Promise(resolve => setTimeout(resolve, 20));
    expect(plain((await run(store, 2)).found)).toEqual(calm);
    expect(withoutTimes(linesOf(store)).sort()).toEqual(lines);
  });
});
