import { DataError, option } from '@keepprob/core';
import { checkArgument, ownValue } from '@keepprob/core/driver';
import { type GrowingFile, openGrowing } from './growingFile.ts';
import type { Line } from './lines.ts';
import { holds, type RunEvent, type RunListener } from './listener.ts';

interface CsvRecord {
  readonly fields: readonly string[];
  /** Where the text after it begins. */
  readonly end: number;
}

/** RFC 4180: a field with a comma, a quote or a line break is quoted, and quotes in it are doubled. */
export const csvLine = (fields: readonly (string | number)[]): string =>
  `${fields.map(field => (/[",\r\n]/.test(String(field)) ? `"${String(field).replaceAll('"', '""')}"` : field)).join()}\n`;

/** The complete records, which end with a line break. */
export function csvRecords(text: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n)/y;
  let fields: string[] = [];
  for (let found = field.exec(text); found; found = field.exec(text)) {
    fields.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] === ',') continue;
    records.push({ fields, end: field.lastIndex });
    fields = [];
  }
  return records;
}

const FIRST = 'epoch,step,';

/**
 * A table with one row per epoch: epoch, step, and the logs of the run; logs that an epoch lacks are empty. A run that begins at step 0 starts a new
 * table; a resumed run continues it, so the table is that of an uninterrupted run.
 * @example
 * await fit(model, { x, y }, { ...options, listeners: [csv('mnist.csv')] });
 * @throws OptionError for a path that is not a string; DataError for a resumed run if the file holds another table
 */
export function csv(path: string): RunListener {
  checkArgument('csv', 'path', option.string(), path);
  let file: GrowingFile | undefined;
  let columns: readonly string[] | undefined;

  const begin = (event: RunEvent): void => {
    file?.close();
    columns = undefined;
    file = openGrowing(path, lines => (event.step === 0 ? 0 : kept(lines, event)), 'csv');
  };

  /** How many bytes remain valid for the run that begins: the header, and the rows before the first invalid one. */
  const kept = (lines: Iterable<Line>, begin: RunEvent): number => {
    let bytes = 0;
    for (const { text, end, isWhole } of lines) {
      if (!columns) checkHeader(text);
      if (!isWhole) break;
      const [{ fields } = { fields: [] }] = csvRecords(text);
      if (columns && !holds({ type: 'epoch', epoch: Number(fields[0]), step: Number(fields[1]) }, begin)) break;
      columns ??= fields;
      bytes = end;
    }
    return bytes;
  };

  /** @throws DataError for the first line of some other table */
  const checkHeader = (text: string): void => {
    if (text.startsWith(FIRST) || FIRST.startsWith(text)) return;
    throw DataError.of(path, `a table that begins with ${FIRST}`, text.slice(0, 80));
  };

  const listen = (event: RunEvent): void => {
    if (event.type === 'begin') begin(event);
    if (event.type !== 'epoch') return;
    const { epoch, step, logs, logNames = [] } = event;
    if (!columns) {
      columns = ['epoch', 'step', ...new Set([...Object.keys(logs), ...logNames])];
      file?.write(csvLine(columns));
    }
    file?.write(csvLine([epoch, step, ...columns.slice(2).map(name => ownValue(logs, name) ?? '')]));
  };
  return Object.assign(listen, { close: () => file?.close() });
}
