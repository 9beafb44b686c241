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
/** Those of this process: what else bears its number was left by an earlier process that had the same. */
const inProgress = new Set<string>();

/**
 * A directory, made when the first file is written. A file is written under another name, synced to the disk and renamed, and the directory is synced:
 * after a kill or a power failure there is either the old file or the new one, complete. Remains of killed writes are ignored, and removed at the next
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

/** An error of the file system is a CheckpointError. */
async function attempt<T>(what: string, where: string, f: () => Promise<T>): Promise<T> {
  try {
    return await f();
  } catch (error) {
    throw storageError(error, what, where);
  }
}

/** What is not there is no error. */
function absent(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}

/** Bytes that Node reads at once; `readFile` reads no file of more than 2 GiB. */
const BLOCK = 2 ** 28;

/** All of a file, whatever its size; undefined where there is none. */
async function readWhole(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const file = await open(path, 'r').catch(absent);
  if (!file) return undefined;
  try {
    const bytes = new Uint8Array((await file.stat()).size);
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, at, Math.min(BLOCK, bytes.length - at), at);
      // cut while it is read: what is missing is damaged, as its checksum says
      if (bytesRead === 0) return bytes.subarray(0, at);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

/** Puts a file into a directory, whole: written aside, synced, renamed, and the directory synced. */
async function replace(directory: string, name: string, bytes: Uint8Array): Promise<void> {
  const aside = `.${process.pid}-${randomUUID()}.writing`;
  inProgress.add(aside);
  try {
    await synced(join(directory, aside), 'wx', file => file.writeFile(bytes));
    await rename(join(directory, aside), join(directory, name));
    // Windows has no handles of directories
    if (process.platform !== 'win32') await synced(directory, 'r', async () => undefined);
  } catch (error) {
    await rm(join(directory, aside), { force: true }).catch(() => undefined);
    throw error;
  } finally {
    inProgress.delete(aside);
  }
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
