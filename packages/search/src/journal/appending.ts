/** Appends entries to the file of a journal, each append as atomic as a process can make it. */
import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Dimension } from '../contract.ts';
import { SearchError } from '../errors.ts';
import * as messages from '../messages.ts';
import type { Entry } from './entries.ts';
import { locked } from './lock.ts';
import type { ReadJournal } from './read.ts';
import { recordsOf } from './records.ts';
import { storageFailed } from './storage.ts';

export class Appending {
  readonly #path: string;
  readonly #dimensions: readonly Dimension[];
  readonly #ids: number[];
  #nextId: number;
  #size: number;
  #file: number | undefined;
  #last: Promise<void> = Promise.resolve();

  /** @param size size of the existing entries in bytes; anything after them is an incomplete entry and is removed */
  constructor(path: string, size: number, { ids, nextId }: ReadJournal, dimensions: readonly Dimension[]) {
    this.#path = path;
    this.#size = size;
    this.#ids = [...ids];
    this.#nextId = nextId;
    this.#dimensions = dimensions;
  }

  /** Appends run one after the other; after a failed one there are no more. */
  append(entries: readonly Entry[]): Promise<void> {
    const bytes = new TextEncoder().encode(entries.map(entry => this.#lines(entry)).join(''));
    this.#last = this.#last.then(async () => {
      const file = this.#opened();
      await locked(this.#path, () => this.#write(file, bytes));
    });
    return this.#last;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
  }

  #lines(entry: Entry): string {
    if (entry.type === 'trial') this.#ids[entry.trial] = this.#nextId++;
    const id = (trial: number): number => this.#ids[trial] ?? -1;
    const records = recordsOf(entry, { dimensions: this.#dimensions, id, now: new Date() });
    return records.map(record => `${JSON.stringify({ ...record, worker_id: 'keepprob' })}\n`).join('');
  }

  #opened(): number {
    if (this.#file !== undefined) return this.#file;
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      const file = openSync(this.#path, 'a');
      ftruncateSync(file, this.#size);
      this.#file = file;
      return file;
    } catch (error) {
      throw storageFailed(error, 'write', this.#path);
    }
  }

  #write(file: number, bytes: Uint8Array): void {
    const { size } = fstatSync(file);
    // ids of trials are positions: entries of another writer in between would make ours wrong
    if (size !== this.#size) throw new SearchError('inUse', messages.foreignWriter(this.#path));
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      fdatasyncSync(file);
      this.#size += bytes.length;
    } catch (error) {
      ftruncateSync(file, size);
      throw storageFailed(error, 'write', this.#path);
    }
  }
}
