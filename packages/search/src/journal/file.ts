/** A journal in a file: lines are only ever added, and each append is on the disk when it returns. */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { CheckpointError } from '@keepprob/trainer';
import { directoryStore, storageError } from '@keepprob/trainer/node';
import type { Dimension } from '../contract.ts';
import { SearchError } from '../errors.ts';
import * as messages from '../messages.ts';
import type { Entry, Journal } from './entries.ts';
import { locked, removeLeftLock } from './lock.ts';
import { type ReadJournal, readJournal } from './read.ts';
import { recordsOf } from './records.ts';

/** Bytes; what is longer is no journal of ours. */
const LONGEST = 2 ** 28;

/**
 * Opens `journal.log` in a folder, which this search then holds until it closes it. A last line that was cut when its process was killed was never
 * acknowledged: it is removed, since the next line would be glued to it.
 * @throws SearchError `exists`, `damaged`, `inUse`; CheckpointError where the file system fails
 */
export async function fileJournal(folder: string, resume: boolean, dimensions: readonly Dimension[]): Promise<Journal> {
  const path = join(folder, 'journal.log');
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw storageError(error, 'make', folder);
  }
  const release = await hold(folder);
  try {
    removeLeftLock(path);
    const bytes = existsSync(path) ? readFileSync(path) : new Uint8Array();
    if (bytes.length > 0 && !resume) throw new SearchError('exists', messages.exists(folder));
    if (bytes.length > LONGEST) throw new SearchError('damaged', messages.notOurs(path));
    const whole = bytes.lastIndexOf(10) + 1;
    if (whole === 0 && bytes.length > 0 && bytes[0] !== 123) throw new SearchError('damaged', messages.notOurs(path));
    const read = readJournal(path, new TextDecoder().decode(bytes.subarray(0, whole)));
    const file = openSync(path, 'a');
    ftruncateSync(file, whole);
    const { append } = new Appending(path, file, whole, read, dimensions);
    return {
      path,
      entries: read.entries,
      append,
      async close() {
        closeSync(file);
        await release();
      },
    };
  } catch (error) {
    await release();
    if (error instanceof SearchError) throw error;
    throw storageError(error, 'open', path);
  }
}

async function hold(folder: string): Promise<() => Promise<void>> {
  try {
    return (await directoryStore(folder).hold?.()) ?? (async () => undefined);
  } catch (error) {
    if (!(error instanceof CheckpointError) || error.problem !== 'inUse') throw error;
    throw new SearchError('inUse', messages.inUse(folder), error);
  }
}

class Appending {
  readonly #path: string;
  readonly #file: number;
  readonly #dimensions: readonly Dimension[];
  readonly #ids: number[];
  #nextId: number;
  #size: number;
  #last: Promise<void> = Promise.resolve();

  constructor(
    path: string,
    file: number,
    size: number,
    { ids, nextId }: ReadJournal,
    dimensions: readonly Dimension[],
  ) {
    this.#path = path;
    this.#file = file;
    this.#size = size;
    this.#ids = [...ids];
    this.#nextId = nextId;
    this.#dimensions = dimensions;
  }

  /** One append after the other. */
  readonly append = (entries: readonly Entry[]): Promise<void> => {
    const bytes = new TextEncoder().encode(entries.map(entry => this.#lines(entry)).join(''));
    this.#last = this.#last.then(() => locked(this.#path, () => this.#write(bytes)));
    return this.#last;
  };

  #lines(entry: Entry): string {
    if (entry.type === 'trial') this.#ids[entry.trial] = this.#nextId++;
    const id = (trial: number): number => this.#ids[trial] ?? -1;
    const records = recordsOf(entry, { dimensions: this.#dimensions, id, now: new Date() });
    return records.map(record => `${JSON.stringify({ ...record, worker_id: 'keepprob' })}\n`).join('');
  }

  #write(bytes: Uint8Array): void {
    const { size } = fstatSync(this.#file);
    // ids of trials are positions: with those of another writer between them, ours would be wrong
    if (size !== this.#size) throw new SearchError('inUse', messages.foreignWriter(this.#path));
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
      fdatasyncSync(this.#file);
      this.#size += bytes.length;
    } catch (error) {
      ftruncateSync(this.#file, size);
      throw storageError(error, 'write', this.#path);
    }
  }
}
