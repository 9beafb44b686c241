import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf, makeFolder, storageError } from '../checkpoint/stores/folder.ts';
import { type Line, linesOf, type Quoting, type ReadBlock } from './lines.ts';

/** A file that grows at its end. What is written has left the process when `write` returns, and outlives a kill. */
export interface GrowingFile {
  /** @throws CheckpointError where there is no room */
  write(data: string | Uint8Array): void;
  close(): void;
}

/**
 * Opens or makes a file; of what is in it, `keep` says how many bytes stay, given its lines.
 * @throws CheckpointError where it cannot be written; what `keep` throws
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

/** Makes a file; undefined where there is one of that name. @throws CheckpointError where it cannot be written */
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

/** Runs `work`; an error of the file system becomes one that names the file. Others are thrown as they are. */
export function naming<T>(what: string, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storageError(error, what, path);
  }
}
