/** Stores for checkpoints. */
import { CheckpointError } from '../errors.ts';
import * as messages from '../messages.ts';

/**
 * Files by name. A write is atomic: a reader finds either the old bytes or the new ones, whenever the process is killed. Every method throws a
 * `CheckpointError` if the store cannot do what it is asked to.
 */
export interface CheckpointStore {
  /** Writes a file, replacing an older one with that name. */
  write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** The bytes of a file; undefined if there is none with that name. */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** The names of all files, in no particular order. */
  list(): Promise<string[]>;
  /** Removes a file. Does nothing if the name does not exist. */
  remove(name: string): Promise<void>;
  /**
   * Reserves the store for this run, until the run calls the returned function or its process or thread ends. Leave it out if the store cannot do that.
   * @throws CheckpointError `inUse` if another run has reserved it
   */
  hold?(): Promise<() => Promise<void>>;
}

/** @throws CheckpointError for a name that could leave its directory or be hidden in it */
export function checkName(name: unknown): void {
  if (typeof name !== 'string' || !/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name))
    throw new CheckpointError('storage', messages.name(name));
}

/** @throws CheckpointError for an invalid name, and for anything that is not a Uint8Array */
export function checkFile(name: unknown, bytes: unknown): void {
  checkName(name);
  if (!(bytes instanceof Uint8Array)) throw new CheckpointError('unsavable', messages.bytes(bytes));
}

/**
 * A store in memory, for tests, and for runs that outlive an error but not their process.
 * @example
 * const store = memoryStore();
 * await fit(model, { x, y }, { ...options, checkpoint: { store } });
 * await fit(model, { x, y }, { ...options, epochs: 3, checkpoint: { store }, resume: true });
 */
export function memoryStore(): CheckpointStore {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  let isHeld = false;
  return {
    async hold() {
      if (isHeld) throw new CheckpointError('inUse', messages.inUse('this memoryStore'));
      isHeld = true;
      return async () => {
        isHeld = false;
      };
    },
    async write(name, bytes) {
      checkFile(name, bytes);
      files.set(name, bytes.slice());
    },
    async read(name) {
      checkName(name);
      return files.get(name)?.slice();
    },
    list: async () => [...files.keys()],
    async remove(name) {
      checkName(name);
      files.delete(name);
    },
  };
}
