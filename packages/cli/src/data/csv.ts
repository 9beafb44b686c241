import { DataError } from '@keepprob/core';

export interface Row {
  /** Where it begins in the file, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

export interface Table {
  readonly path: string;
  readonly header: readonly string[];
  readonly rows: readonly Row[];
}

/** The fields of each row. RFC 4180: a field with a separator, a quote or a line break stands in quotes, its quotes doubled. Empty lines are no rows. */
export function parseCsv(path: string, text: string, separator = ','): Row[] {
  const plain = separator.replace(/[\\\]^-]/g, '\\$&');
  const field = new RegExp(`(?:"([^"]*(?:""[^"]*)*)"|([^"\\r\\n${plain}]*))([${plain}]|\\r\\n?|\\n|$)`, 'y');
  const rows: Row[] = [];
  let fields: string[] = [];
  let line = 1;
  let begin = 1;
  field.lastIndex = text.startsWith('\uFEFF') ? 1 : 0;
  for (let at = field.lastIndex; at < text.length || fields.length; at = field.lastIndex) {
    const found = field.exec(text);
    if (!found)
      throw DataError.of(
        `${path}, line ${line}`,
        'quotes around whole fields, doubled inside',
        text.slice(at, at + 40),
      );
    const [whole, quoted, bare, end] = found as unknown as [string, string | undefined, string | undefined, string];
    fields.push(quoted?.replaceAll('""', '"') ?? (bare as string));
    line += whole.split(/\r\n?|\n/).length - 1;
    if (end === separator) continue;
    if (fields.length > 1 || fields[0] !== '' || quoted !== undefined) rows.push({ line: begin, fields });
    fields = [];
    begin = line;
  }
  return rows;
}

/**
 * A table whose first row names the columns.
 * @throws DataError for quotes in the wrong place, names that are missing or there twice, rows of other lengths, no rows
 */
export function tableOf(path: string, text: string, separator?: string): Table {
  const [first, ...rows] = parseCsv(path, text, separator);
  if (!first) throw DataError.of(path, 'a table whose first row names the columns', 'an empty file');
  const header = first.fields.map(name => name.trim());
  const odd = header.find((name, i) => name === '' || header.indexOf(name) !== i);
  if (odd !== undefined) {
    throw DataError.of(
      `${path}, line 1`,
      'a name for each column, each one once',
      odd === '' ? 'a column without a name' : `"${odd}" twice`,
    );
  }
  for (const { line, fields } of rows) {
    if (fields.length === header.length) continue;
    throw DataError.of(`${path}, line ${line}`, `${header.length} fields, as the header has`, String(fields.length));
  }
  if (!rows.length) throw DataError.of(path, 'rows under the header', 'none');
  return { path, header, rows };
}
