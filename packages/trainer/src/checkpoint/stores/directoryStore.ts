import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { option } from '@keepprob/core';
import { checkArgument } from '@keepprob/core/driver';
import { codeOf, makeFolder, storageError } from './folder.ts';
import { holdFolder } from './lock.ts';
import { type CheckpointStore, checkFile, checkName } from './store.ts';

/** A write in progress is a file like this; the number is its process. */
const ASIDE = /^\.(\d+)-[0-9a-f-]+\.writing$/;
/** The writes of this process. Other files with its number were left by an earlier process with the same number. */
const inProgress = new Set<string>();

/**
 * A store in a directory, which is created when the first file is written. A file is written under another name, synced to the disk and renamed, and the directory
 * is synced: after a kill or a power failure there is either the old file or the new one, complete. Leftovers of killed writes are ignored, and removed at the next
 * write.
 * @example
 * const store = directoryStore('runs/mnist');
 * await fit(model, { x, y }, { ...options, checkpoint: { store, every: { steps: 100 } }, resume: true });
 * @throws OptionError for a path that is not a string
 */
export function directoryStore(path: string): CheckpointStore {
  checkArgument('directoryStore', 'path', option.string(), path);
  const directory = resolve(path);
  let cleaned: Promise<void> | undefined;
  const clean = async (): Promise<void> => {
    cleaned ??= removeLeftovers(directory);
    await cleaned.catch(error => {
      // tried again at the next write
      cleaned = undefined;
      throw error;
    });
  };

  return {
    async write(name, bytes) {
      checkFile(name, bytes);
      await attempt('write', join(directory, name), async () => {
        makeFolder(directory);
        await clean();
        await replace(directory, name, bytes);
      });
    },
    async read(name) {
      checkName(name);
      const path = join(directory, name);
      return attempt('read', path, () => readWhole(path));
    },
    async list() {
      const names = await attempt('list', directory, () => readdir(directory).catch(absent));
      return (names ?? []).filter(name => !name.startsWith('.'));
    },
    async remove(name) {
      checkName(name);
      const path = join(directory, name);
      await attempt('remove', path, () => rm(path, { force: true }));
    },
    hold: () => holdFolder(directory),
  };
}

/** Turns errors of the file system into CheckpointErrors. */
async function attempt<T>(what: string, where: string, f: () => Promise<T>): Promise<T> {
  try {
    return await f();
  } catch (error) {
    throw storageError(error, what, where);
  }
}

/** A missing file or directory is not an error. */
function absent(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}

/** The number of bytes to read at once; `readFile` cannot read files of more than 2 GiB. */
const BLOCK = 2 ** 28;

/** The contents of a file of any size; undefined if there is no such file. */
async function readWhole(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const file = await open(path, 'r').catch(absent);
  if (!file) return undefined;
  try {
    const bytes = new Uint8Array((await file.stat()).size);
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, at, Math.min(BLOCK, bytes.length - at), at);
      // truncated while being read: the checksum will show that it is damaged
      if (bytesRead === 0) return bytes.subarray(0, at);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

/** Writes a file atomically: writes it under another name, syncs it, renames it, and syncs the directory. */
async function replace(directory: string, name: string, bytes: Uint8Array): Promise<void> {
  const aside = `.${process.pid}-${randomUUID()}.writing`;
  inProgress.add(aside);
  try {
    await synced(join(directory, aside), 'wx', file => file.writeFile(bytes));
    await rename(join(directory, aside), join(directory, name));
    // Windows has no directory handles
    if (process.platform !== 'win32') await synced(directory, 'r', async () => undefined);
  } catch (error) {
    await rm(join(directory, aside), { force: true }).catch(() => undefined);
    throw error;
  } finally {
    inProgress.delete(aside);
  }
}

/** Opens a file, calls `f`, and syncs the file to the disk before returning. */
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
