/**
 * The lock of Optuna's journals, a symbolic link beside the file, held for the time of one append: so nobody else writes into the middle of a line.
 * Which search may write at all is another question, and `hold` of the store answers it.
 */
import { lstatSync, readlinkSync, symlinkSync, unlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { SearchError } from '../errors.ts';
import * as messages from '../messages.ts';
import { storageFailed } from './storage.ts';

/** Milliseconds after which Optuna takes a lock for forgotten. */
const FORGOTTEN = 30_000;
/** It leads to the journal, so that Optuna can ask for its age, in a way in which only we write it. */
const targetOf = (path: string): string => `././${basename(path)}`;
const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/**
 * Removes a lock that a search of ours left when it was killed. Only for whoever holds the folder: then no other search can have it.
 */
export function removeLeftLock(path: string): void {
  const lock = `${path}.lock`;
  try {
    if (readlinkSync(lock) === targetOf(path)) unlinkSync(lock);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EINVAL') throw error;
  }
}

/**
 * Runs `f` under the lock. Where links are not allowed (Windows), it runs without.
 * @throws SearchError `inUse` where another program does not let go of it
 */
export async function locked<T>(path: string, f: () => T): Promise<T> {
  const lock = `${path}.lock`;
  for (let wait = 1; ; wait = Math.min(2 * wait, 250)) {
    try {
      symlinkSync(targetOf(path), lock);
      break;
    } catch (error) {
      if (codeOf(error) === 'EPERM' || codeOf(error) === 'ENOSYS') return f();
      if (codeOf(error) !== 'EEXIST') throw storageFailed(error, 'write', lock);
    }
    if (ageOf(lock) > FORGOTTEN) throw new SearchError('inUse', messages.locked(lock));
    await setTimeout(wait);
  }
  try {
    return f();
  } finally {
    unlinkSync(lock);
  }
}

/** Milliseconds; 0 for one that is gone meanwhile. */
function ageOf(lock: string): number {
  try {
    return Date.now() - lstatSync(lock).mtimeMs;
  } catch {
    return 0;
  }
}
