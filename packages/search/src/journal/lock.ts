/**
 * The lock of Optuna's journals, a symbolic link next to the file, held during one append so that nobody else writes into the middle of a line. Which
 * search may write at all is decided by `hold` of the store.
 */
import { lstatSync, readlinkSync, symlinkSync, unlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { SearchError } from '../errors.ts';
import * as messages from '../messages.ts';
import { storageFailed } from './storage.ts';

/** Milliseconds after which Optuna considers a lock abandoned. */
const FORGOTTEN = 30_000;
/** The target of the link: the journal, so that Optuna can read its age, in a spelling that only this package uses. */
const targetOf = (path: string): string => `././${basename(path)}`;
const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/**
 * Removes a lock that a search of this package left when it was killed. Only the holder of the folder may call it, so that no other search can have the lock.
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
 * Runs `f` under the lock, or without it if links are not allowed (Windows).
 * @throws SearchError `inUse` if another program does not release it
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

/** Age in milliseconds; 0 if the lock is gone meanwhile. */
function ageOf(lock: string): number {
  try {
    return Date.now() - lstatSync(lock).mtimeMs;
  } catch {
    return 0;
  }
}
