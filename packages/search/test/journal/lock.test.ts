import { existsSync, lstatSync, lutimesSync, mkdirSync, symlinkSync, unlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { search } from '../../src/study/search.node.ts';
import { freshFolder, journalOf, linesOf } from '../support/folders.ts';
import { fake, formula, rows, settings } from '../support/problem.ts';

const options = { ...settings, trials: 2, confirm: false, resume: true } as const;
const run = (store: string) => search(formula, rows(), { ...options, store, engine: fake() });

/** A folder with the lock of a journal that leads to `target`. */
function withLock(target: string): { readonly store: string; readonly lock: string } {
  const store = freshFolder();
  mkdirSync(store, { recursive: true });
  const lock = `${journalOf(store)}.lock`;
  symlinkSync(target, lock);
  return { store, lock };
}

test('a search takes the lock of its journal for each append, and leaves none', async () => {
  const store = freshFolder();
  await run(store);
  expect(existsSync(journalOf(store))).toBe(true);
  expect(() => lstatSync(`${journalOf(store)}.lock`)).toThrow('ENOENT');
});

test('what a killed search of ours left holds nobody up', async () => {
  const { store } = withLock('././journal.log');
  await expect(run(store)).resolves.toMatchObject({ seed: 7 });
});

test('that of another program is waited for', async () => {
  const { store, lock } = withLock('journal.log');
  let isFree = false;
  setTimeout(() => {
    isFree = true;
    unlinkSync(lock);
  }, 100);
  await run(store);
  expect(isFree).toBe(true);
  expect(linesOf(store).length).toBeGreaterThan(10);
});

test('one that another program has forgotten is an error, which says which file', async () => {
  const { store, lock } = withLock('journal.log');
  lutimesSync(lock, new Date(0), new Date(0));
  const held = run(store);
  await expect(held).rejects.toMatchObject({ problem: 'inUse' });
  await expect(held).rejects.toThrow(lock);
  expect(existsSync(journalOf(store)) && linesOf(store).join('')).toBe('');
});
