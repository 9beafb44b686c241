import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { codeOf, makeFolder, storageError } from './folder.ts';
import { type CheckpointStore, checkName } from './store.ts';

/** A write in progress is a file like this; the number is its process. */
const ASIDE = /^\.(\d+)-[0-9a-f-]+\.writing$/;
/** Those of this process: what else bears its number was left by an earlier process that had the same. */
const inProgress = new Set<string>();

/**
 * A directory, made when the first file is written. A file is written aside, synced to the disk, renamed, and the directory is synced: after a kill or a
 * power cut there is the old file or the new one, whole. What killed writes have left is ignored, and removed at the next write.
 *
 * `directoryStore('runs/mnist')`
 */
export function directoryStore(path: string): CheckpointStore {
  const directory = resolve(path);
  let cleaned: Promise<void> | undefined;

  return {
    async write(name, bytes) {
      checkName(name);
      const target = join(directory, name);
      const aside = `.${process.pid}-${randomUUID()}.writing`;
      inProgress.add(aside);
      try {
        makeFolder(directory);
        cleaned ??= removeLeftovers(directory);
        await cleaned.catch(error => {
          // tried again at the next write
          cleaned = undefined;
          throw error;
        });
        await synced(join(directory, aside), 'wx', file => file.writeFile(bytes));
        await rename(join(directory, aside), target);
        // Windows has no handles of directories
        if (process.platform !== 'win32') await synced(directory, 'r', async () => undefined);
      } catch (error) {
        await rm(join(directory, aside), { force: true }).catch(() => undefined);
        throw storageError(error, 'write', target);
      } finally {
        inProgress.delete(aside);
      }
    },

    async read(name) {
      checkName(name);
      try {
        const { buffer, byteOffset, length } = await readFile(join(directory, name));
        return new Uint8Array(buffer as ArrayBuffer, byteOffset, length);
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw storageError(error, 'read', join(directory, name));
      }
    },

    async list() {
      try {
        return (await readdir(directory)).filter(name => !name.startsWith('.'));
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return [];
        throw storageError(error, 'list', directory);
      }
    },

    async remove(name) {
      checkName(name);
      try {
        await rm(join(directory, name), { force: true });
      } catch (error) {
        throw storageError(error, 'remove', join(directory, name));
      }
    },
  };
}

/** Opens, works, and does not return before the disk has it. */
async function synced(path: string, flags: string, f: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flags);
  try {
    await f(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function removeLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const pid = Number(ASIDE.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || inProgress.has(name) || (pid !== process.pid && isAlive(pid))) continue;
    await rm(join(directory, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
