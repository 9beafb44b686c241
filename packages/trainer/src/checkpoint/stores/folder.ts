/** Creates folders and converts errors of Node's file system, for everything that a run writes. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { CheckpointError, type CheckpointProblem } from '../errors.ts';
import * as messages from '../messages.ts';

const problems: ReadonlyMap<string | undefined, CheckpointProblem> = new Map([
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['EROFS', 'readOnly'],
  ['EACCES', 'readOnly'],
  ['EPERM', 'readOnly'],
]);

export const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/**
 * The `CheckpointError` for an error of Node's file system: `full`, `readOnly` or `storage`.
 * @param what the operation, such as `write`
 * @param where the path
 * @example
 * const error = await writeFile('no/such/folder', '').catch(reason => storageError(reason, 'write', 'no/such/folder'));
 * error.problem; // 'storage'
 */
export function storageError(error: unknown, what: string, where: string): CheckpointError {
  const problem = problems.get(codeOf(error)) ?? 'storage';
  if (problem === 'full') return new CheckpointError(problem, messages.full(where), error);
  if (problem === 'readOnly') return new CheckpointError(problem, messages.readOnly(where), error);
  return new CheckpointError(problem, messages.storage(`${what} ${where}`, (error as Error).message), error);
}

/** Creates a folder and its parents. Node's own `recursive` reports ENOENT on a read-only disk. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && statSync(path).isDirectory()) return;
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    makeFolder(path);
  }
}
