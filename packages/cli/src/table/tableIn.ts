/** Reads tables from files. */
import { DataError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import { bytesOf } from '@keepprob/trainer/node';
import { MOST_TEXT } from '../data/files.ts';
import { type Table, tableOf } from './csv.ts';

/** The first bytes of files that are not text in UTF-8. */
const others: readonly (readonly [begin: readonly number[], what: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'a zip archive, as Excel workbooks are: save the sheet as CSV'],
  [[0xff, 0xfe], 'text in UTF-16: save it as UTF-8'],
  [[0xfe, 0xff], 'text in UTF-16: save it as UTF-8'],
  [[0x50, 0x41, 0x52, 0x31], 'a Parquet file: write it as CSV'],
  [[0x93, 0x4e, 0x55, 0x4d], 'an array of NumPy: arrays go into { "x": path, "y": path }'],
];

/** @throws DataError for a file that begins like a workbook, an array or text in UTF-16 */
export function checkText(path: string, bytes: Uint8Array): void {
  const other = others.find(([begin]) => begin.every((byte, i) => bytes[i] === byte));
  if (other) throw DataError.of(path, 'a table as text in UTF-8 (CSV)', other[1]);
}

/** Reads a table, gzipped or not. @throws DataError for another kind of file, and for fields that do not form a table */
export async function tableIn(path: string, separator?: string, said?: SaysSeparator): Promise<Table> {
  return tableWith(path, await textIn(path), separator, said);
}

/**
 * Reads a table, and returns its separator: the given one, or that of the first line; ',' if there is one column.
 * @throws DataError as `tableIn` does
 */
export async function separatedTable(
  path: string,
  said: string | undefined,
): Promise<{ readonly table: Table; readonly separator: string }> {
  const text = await textIn(path);
  const separator = said ?? separatorIn(firstLineOf(text)) ?? ',';
  return { table: tableWith(path, text, separator), separator };
}

async function textIn(path: string): Promise<string> {
  const bytes = await bytesOf(path, MOST_TEXT);
  checkText(path, bytes);
  return Buffer.from(bytes).toString('utf8');
}

function tableWith(path: string, text: string, separator: string | undefined, said?: SaysSeparator): Table {
  checkSeparator(path, firstLineOf(text), separator, said);
  return tableOf(path, text, separator);
}

/** The most characters that are searched for a separator. */
const LONGEST_LINE = 10_000;

export const firstLineOf = (text: string): string => text.slice(0, LONGEST_LINE).split(/\r\n|[\r\n]/, 1)[0] ?? '';

const separators = [',', ';', '\t', '|'] as const;

/** The separator between the names of columns; undefined if there is one column. */
export function separatorIn(line: string): string | undefined {
  const plain = line.replaceAll(/"(?:[^"]|"")*"/g, '');
  const counted = separators.map(separator => [separator, plain.split(separator).length] as const);
  const [best, fields] = counted.reduce((a, b) => (b[1] > a[1] ? b : a));
  return fields > 1 ? best : undefined;
}

/** How a separator is set, as an error shows it. */
export type SaysSeparator = (separator: string) => string;
export const inConfig: SaysSeparator = separator => `"separator": ${show(separator)}`;
export const onCommandLine: SaysSeparator = separator => `--separator ${show(separator)}`;

/**
 * @param said how the separator is set, for the message
 * @throws DataError if the names of columns have a separator between them that is not `separator`
 */
export function checkSeparator(path: string, line: string, separator = ',', said = inConfig): void {
  const found = separatorIn(line);
  if (found === undefined || line.includes(separator)) return;
  const expected = `columns with ${show(separator)} between them; say ${said(found)}`;
  throw DataError.of(`${path}, line 1`, expected, show(line.slice(0, 80)));
}
