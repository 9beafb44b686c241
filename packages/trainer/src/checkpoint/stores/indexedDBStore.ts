import { option } from '@keepprob/core';
import { checkArgument } from '@keepprob/core/driver';
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { CheckpointError } from '../errors.ts';
import * as messages from '../messages.ts';
import { type CheckpointStore, checkFile, checkName } from './store.ts';

interface Schema extends DBSchema {
  checkpoints: { key: string; value: Uint8Array<ArrayBuffer> };
}

/**
 * A store in an IndexedDB database of the page's origin. Its transactions are atomic, and on the disk when `write` returns (durability `strict`). Browsers may
 * delete the data of an origin when the disk is full, unless the page was granted `navigator.storage.persist()`.
 * @example
 * const store = indexedDBStore('mnist'); // fit(…, { checkpoint: { store }, resume: true })
 * @throws OptionError for a name that is not a string
 */
export function indexedDBStore(name: string): CheckpointStore {
  checkArgument('indexedDBStore', 'name', option.string(), name);
  const open = (): Promise<IDBPDatabase<Schema>> =>
    openDB<Schema>(`keepprob/${name}`, 1, { upgrade: db => void db.createObjectStore('checkpoints') });

  /** Opens a connection for each call: one that stays open would block deletion of the database. */
  async function using<T>(what: string, f: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    let db: IDBPDatabase<Schema> | undefined;
    try {
      db = await open();
      return await f(db);
    } catch (error) {
      const full = (error as Error).name === 'QuotaExceededError';
      const where = `${what} in IndexedDB "${name}"`;
      throw full
        ? new CheckpointError('full', messages.full(where), error)
        : new CheckpointError('storage', messages.storage(where, (error as Error).message), error);
    } finally {
      db?.close();
    }
  }

  return {
    async write(file, bytes) {
      checkFile(file, bytes);
      await using(file, async db => {
        const transaction = db.transaction('checkpoints', 'readwrite', { durability: 'strict' });
        await Promise.all([transaction.store.put(bytes, file), transaction.done]);
      });
    },
    async read(file) {
      checkName(file);
      return using(file, db => db.get('checkpoints', file));
    },
    list: () => using('the list', db => db.getAllKeys('checkpoints')),
    async remove(file) {
      checkName(file);
      await using(file, db => db.delete('checkpoints', file));
    },
    hold: () => holdName(`keepprob/${name}`, messages.inUse(`IndexedDB "${name}"`)),
  };
}

/** Holds a Web Lock, which ends with the page or the worker that holds it. Without Web Locks, as outside secure contexts, nothing is held. */
function holdName(name: string, refusal: string): Promise<() => Promise<void>> {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  if (!locks) return Promise.resolve(async () => undefined);
  return new Promise((resolve, reject) => {
    let release = (): void => undefined;
    const done = locks.request(name, { ifAvailable: true }, async lock => {
      if (!lock) throw new CheckpointError('inUse', refusal);
      const released = new Promise<void>(free => {
        release = free;
      });
      resolve(() => {
        release();
        return done;
      });
      return released;
    });
    done.catch(reject);
  });
}
