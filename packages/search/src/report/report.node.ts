/** `report` in Node, where a search may be in a folder. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SearchError } from '../errors.ts';
import { readJournal } from '../journal/read.ts';
import { storageFailed } from '../journal/storage.ts';
import * as messages from '../messages.ts';
import { fromJournal } from './fromJournal.ts';
import { type Report, type ReportOptions, report as reportOn } from './report.ts';
import type { Reported } from './reported.ts';

/**
 * Like `report` of the main entry point, but also accepts the folder of a `store`, whether its search is over or not. Only the journal is read, and nothing
 * is written.
 * @throws SearchError `damaged` for a folder without a journal, with an empty one, or with a journal that is not from a search; `storage` if the journal
 * cannot be read
 */
export const report = async (found: Reported | string, options: ReportOptions = {}): Promise<Report> =>
  reportOn(typeof found === 'string' ? read(found) : found, options);

function read(folder: string): Reported {
  const path = join(folder, 'journal.log');
  if (!existsSync(path)) throw new SearchError('damaged', messages.noJournal(folder));
  try {
    return fromJournal(path, readJournal(path, readFileSync(path, 'utf8')).entries);
  } catch (error) {
    if (error instanceof SearchError) throw error;
    throw storageFailed(error, 'read', path);
  }
}
