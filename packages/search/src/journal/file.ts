/** A journal in a file: lines are only ever appended, and each append is on disk when it resolves. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckpointError } from '@keepprob/trainer';
import { directoryStore } from '@keepprob/trainer/node';
import type { Dimension } from '../contract.ts';
import { SearchError } from '../errors.ts';
import * as messages from '../messages.ts';
import { Appending } from './appending.ts';
import type { Journal } from './entries.ts';
import { removeLeftLock } from './lock.ts';
import { readJournal } from './read.ts';
import { storageFailed } from './storage.ts';

/** Maximum size in bytes; a longer file is not a journal of this package. */
const LONGEST = 2 ** 28;
const NEWLINE = 10;
/** The start of every journal of this package, to which even a cut one must match. */
const BEGINNING = '{"op_code":0,"study_name":"keepprob",';

/**
 * Opens `journal.log` in a folder, which this search then holds until it closes the journal. Nothing is written before the first append. An entry that was
 * cut when its process was killed was never acknowledged: the first append removes it, since the next line would be joined to it.
 * @throws SearchError `exists`, `damaged`, `inUse`, `storage`
 */
export async function fileJournal(folder: string, resume: boolean, dimensions: readonly Dimension[]): Promise<Journal> {
  const path = join(folder, 'journal.log');
  const release = await hold(folder);
  try {
    removeLeftLock(path);
    const bytes = existsSync(path) ? readFileSync(path) : new Uint8Array();
    if (bytes.length > 0 && !resume) throw new SearchError('exists', messages.exists(folder));
    const beginning = new TextDecoder().decode(bytes.subarray(0, BEGINNING.length));
    if (bytes.length > LONGEST || !BEGINNING.startsWith(beginning))
      throw new SearchError('damaged', messages.notOurs(path));
    const read = readJournal(path, new TextDecoder().decode(bytes));
    const appending = new Appending(path, lengthOf(bytes, read.lines), read, dimensions);
    return {
      path,
      entries: read.entries,
      append: entries => appending.append(entries),
      async close() {
        appending.close();
        await release();
      },
    };
  } catch (error) {
    await release();
    if (error instanceof SearchError) throw error;
    throw storageFailed(error, 'read', path);
  }
}

/** The length of the first `lines` lines in bytes. */
function lengthOf(bytes: Uint8Array, lines: number): number {
  let length = 0;
  for (let line = 0; line < lines; line++) length = bytes.indexOf(NEWLINE, length) + 1;
  return length;
}

async function hold(folder: string): Promise<() => Promise<void>> {
  try {
    return (await directoryStore(folder).hold?.()) ?? (async () => undefined);
  } catch (error) {
    if (!(error instanceof CheckpointError) || error.problem !== 'inUse') throw error;
    throw new SearchError('inUse', messages.inUse(folder), error);
  }
}
