import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf, makeFolder, storageError } from '../checkpoint/stores/folder.ts';
import { type Line, linesOf, type Quoting, type ReadBlock } from './lines.ts';

/** A file that is appended to. Written data have left the process when `write` returns, and survive a kill. */
export interface GrowingFile {
  /** @throws CheckpointError if there is no room */
  write(data: string | Uint8Array): void;
  close(): void;
}

/**
 * Opens or creates a file, and truncates it to the number of bytes that `keep` returns for its lines.
 * @throws CheckpointError if it cannot be written; whatever `keep` throws
 */
export function openGrowing(
  path: string,
  keep: (lines: Iterable<Line>) => number,
  quoting: Quoting = 'none',
): GrowingFile {
  makeRoom(path);
  const file = naming('write', path, () => openSync(path, 'a+'));
  try {
    const read: ReadBlock = (block, at) => naming('read', path, () => readSync(file, block, 0, block.length, at));
    const kept = keep(linesOf(read, quoting));
    naming('write', path, () => ftruncateSync(file, kept));
  } catch (error) {
    closeSync(file);
    throw error;
  }
  return growing(path, file);
}

/** Creates a file; undefined if a file of that name exists. @throws CheckpointError if it cannot be written */
export function openNew(path: string): GrowingFile | undefined {
  makeRoom(path);
  try {
    return growing(path, openSync(path, 'wx'));
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return undefined;
    throw storageError(error, 'write', path);
  }
}

const makeRoom = (path: string): void => naming('write', path, () => makeFolder(dirname(path)));

function growing(path: string, file: number): GrowingFile {
  let open = true;
  return {
    write(data) {
      const bytes = typeof data === 'string' ? Buffer.from(data) : data;
      naming('write', path, () => {
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      });
    },
    close() {
      if (open) closeSync(file);
      open = false;
    },
  };
}

/** Runs `work`, and turns an error of the file system into a CheckpointError that names the file. */
export function naming<T>(what: string, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storageError(error, what, path);
  }
}
