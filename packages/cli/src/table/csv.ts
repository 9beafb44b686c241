/** Reads tables as text from the first character to the last, one row at a time, without keeping more than that row. */
import { DataError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import type { Row } from '@keepprob/trainer/table';

export interface Table {
  readonly path: string;
  readonly header: readonly string[];
  /** How many rows there are under the header. */
  readonly length: number;
  /** The rows under the header, read again at each call. */
  rows(): Iterable<Row>;
}

/** The most characters of a row: half a gigabyte of separators would be more fields than memory holds. */
export const LONGEST_ROW = 2 ** 25;

/**
 * The fields of each row. RFC 4180: a field with a separator, a quote or a line break is quoted, and quotes in it are doubled. Empty lines are skipped.
 * @param firstLine the number of the text's first line in its file
 * @returns the number of the line after the last one
 * @throws DataError for quotes anywhere else, and for rows of more than 33,554,432 characters
 */
export function* csvRows(path: string, text: string, separator = ',', firstLine = 1): Generator<Row, number> {
  const quote = finder(text, '"');
  const lineFeed = finder(text, '\n');
  const carriageReturn = finder(text, '\r');
  const quotedRow = rowsWithQuotes(path, text, separator);
  let line = firstLine;
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const lineEnd = Math.min(lineFeed(at), carriageReturn(at));
    const hasQuotes = quote(at) < lineEnd;
    if (!hasQuotes) checkLength(path, line, lineEnd - at);
    const { fields, end, breaks } = hasQuotes
      ? quotedRow(at, line)
      : { fields: text.slice(at, lineEnd).split(separator), end: lineEnd, breaks: 0 };
    if (end > at) yield { line, fields };
    line += 1 + breaks;
    at = end + (text.startsWith('\r\n', end) ? 2 : 1);
  }
  return line;
}

function checkLength(path: string, line: number, length: number): void {
  if (length > LONGEST_ROW)
    throw DataError.of(`${path}, line ${line}`, `at most ${LONGEST_ROW} characters in a row`, String(length));
}

interface Found {
  readonly fields: readonly string[];
  /** The position in the text at which the row ends. */
  readonly end: number;
  /** Line breaks in its fields. */
  readonly breaks: number;
}

/** Reads the row that begins at a position. */
function rowsWithQuotes(path: string, text: string, separator: string): (start: number, line: number) => Found {
  const endOf = fieldEnds(text, separator);
  return (start, line) => {
    const fields: string[] = [];
    let breaks = 0;
    for (let at = start; ; ) {
      const end = endOf(at);
      if (end === undefined) {
        const received = show(text.slice(at, at + 40));
        throw DataError.of(`${path}, line ${line + breaks}`, 'quotes around whole fields, doubled inside', received);
      }
      checkLength(path, line, end - start);
      const field = text.slice(at, end);
      fields.push(isQuoted(field) ? field.slice(1, -1).replaceAll('""', '"') : field);
      breaks += isQuoted(field) ? breaksIn(field) : 0;
      if (!text.startsWith(separator, end)) return { fields, end, breaks };
      at = end + separator.length;
    }
  };
}

/** A line feed, a carriage return, and both together are one line break each. */
function breaksIn(field: string): number {
  let breaks = 0;
  for (let i = 0; i < field.length; i++)
    if (field[i] === '\n' || (field[i] === '\r' && field[i + 1] !== '\n')) breaks++;
  return breaks;
}

const isQuoted = (field: string): boolean => field.startsWith('"');

/** Finds the end of the field that begins at a position; undefined if its quotes are wrong. */
function fieldEnds(text: string, separator: string): (start: number) => number | undefined {
  const quote = finder(text, '"');
  const comma = finder(text, separator);
  const lineFeed = finder(text, '\n');
  const carriageReturn = finder(text, '\r');
  const ends = (at: number): boolean =>
    at === text.length || text.startsWith(separator, at) || text[at] === '\n' || text[at] === '\r';
  return start => {
    if (text[start] === '"') {
      const end = afterQuotes(text, start);
      return end !== undefined && ends(end) ? end : undefined;
    }
    const end = Math.min(comma(start), lineFeed(start), carriageReturn(start));
    return quote(start) < end ? undefined : end;
  };
}

/** Finds the next mark at a position or after it (the end of the text if there is none). Positions must increase, so that no part is searched twice. */
function finder(text: string, mark: string): (from: number) => number {
  let next = -1;
  return from => {
    if (next < from) next = text.indexOf(mark, from);
    if (next < 0) next = text.length;
    return next;
  };
}

/** The position after the quote that closes the one at `start`, if there is one. */
function afterQuotes(text: string, start: number): number | undefined {
  let at = text.indexOf('"', start + 1);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at < 0 ? undefined : at + 1;
}

/**
 * A table whose first row names the columns.
 * @throws DataError for quotes in the wrong place, missing or duplicate names, rows of different lengths, or no rows
 */
export function tableOf(path: string, text: string, separator?: string): Table {
  const [first] = csvRows(path, text, separator);
  const header = headerOf(path, first);
  function* rows(): Generator<Row> {
    let isHeader = true;
    for (const row of csvRows(path, text, separator)) {
      if (!isHeader) yield row;
      isHeader = false;
    }
  }
  let length = 0;
  for (const { line, fields } of rows()) {
    length++;
    checkFields(path, header, { line, fields });
  }
  if (!length) throw DataError.of(path, 'rows under the header', 'none');
  return { path, header, length, rows };
}

/** @throws DataError if there is no row, and for missing or duplicate names */
export function headerOf(path: string, first: Row | undefined): string[] {
  if (!first) throw DataError.of(path, 'a table whose first row names the columns', 'an empty file');
  const header = first.fields.map(name => name.trim());
  checkNames(path, header);
  return header;
}

/** @throws DataError for a row whose length differs from that of the header */
export function checkFields(path: string, header: readonly string[], { line, fields }: Row): void {
  if (fields.length !== header.length)
    throw DataError.of(`${path}, line ${line}`, `${header.length} fields, as the header has`, String(fields.length));
}

function checkNames(path: string, header: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of header) {
    if (name !== '' && !seen.has(name)) {
      seen.add(name);
      continue;
    }
    const received =
      name === ''
        ? `a column without a name${header[0] === '' ? ' (pandas: to_csv(path, index=False))' : ''}`
        : `${show(name)} twice`;
    throw DataError.of(`${path}, line 1`, 'a name for each column, each one once', received);
  }
}
