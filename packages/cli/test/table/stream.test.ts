/** A table read in pieces has the rows that it has when read at once. */
import { gzipSync } from 'node:zlib';
import type { Row } from '@keepprob/trainer/table';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csvRows } from '../../src/table/csv.ts';
import { rowBlocks } from '../../src/table/stream.ts';
import { checkSeparator, separatorIn, tableIn } from '../../src/table/tableIn.ts';
import { newProject, type Project } from '../support/program.ts';

let project: Project;
beforeAll(async () => {
  project = await newProject();
});
afterAll(() => project.remove());

async function rowsIn(content: string | Uint8Array): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const block of rowBlocks(await project.write('t.csv', content))) rows.push(...block.rows);
  return rows;
}

describe('rows in blocks', () => {
  test('are those of the whole text, with their lines, whatever stands in quotes and across pieces', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '"', '\n', '\r', ',', ' '), maxLength: 6 });
    const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;
    const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom('\n', '\r\n', '\r'), fc.nat(3), async (table, end, last) => {
        // pieces are of 64 KiB: some of the rows lie across the end of one
        const filler = `${'x'.repeat(65_500)},y`;
        const lines = [['a', 'b'].join(), filler, ...table.map(row => row.map(quoted).join())];
        const text = lines.join(end) + end.repeat(last);
        const [, ...expected] = csvRows('t.csv', text);
        expect(await rowsIn(text)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  test('more than one block, gzipped or not', async () => {
    const text = ['a,b', ...Array.from({ length: 3000 }, (_, i) => `${i},"x\n${i}"`)].join('\n');
    for (const content of [text, gzipSync(text)]) {
      const rows = await rowsIn(content);
      expect(rows).toHaveLength(3000);
      expect(rows[2999]).toEqual({ line: 2 + 2 * 2999, fields: ['2999', 'x\n2999'] });
    }
  });

  test.each<[string, string | Uint8Array, string]>([
    ['nothing', '', 'expected a table whose first row names the columns. Received: an empty file.'],
    ['a row that is short', 'a,b\n1,2\n3', 't.csv, line 3: expected 2 fields, as the header has. Received: 1.'],
    ['a short row behind others', `a,b\n${'1,2\n'.repeat(40_000)}3`, 't.csv, line 40002: expected 2 fields'],
    ['a quote that is not closed', 'a,b\n1,"2', 'line 2: expected quotes around whole fields'],
    [
      'a workbook',
      Buffer.from('PK\x03\x04rest'),
      'Received: a zip archive, as Excel workbooks are: save the sheet as CSV.',
    ],
    ['UTF-16', Buffer.from('\uFEFFa,b\n1,2', 'utf16le'), 'Received: text in UTF-16: save it as UTF-8.'],
    ['gzip that is cut', gzipSync('a,b\n1,2').subarray(0, 22), 't.csv: unexpected end of file'],
    [
      'semicolons',
      'a;b\n1;2',
      't.csv, line 1: expected columns with "," between them; say --separator ";". Received: "a;b".',
    ],
  ])('%s is refused', async (_, content, message) => expect(rowsIn(content)).rejects.toThrow(message));

  test('a quote that is never closed does not fill the memory', async () => {
    await expect(rowsIn(gzipSync(`a,b\n1,"${' '.repeat(2 ** 26)}`))).rejects.toThrow(
      'at most 33554432 characters in a row',
    );
  });
});

describe('separators', () => {
  test.each([
    ['a,b,c', ','],
    ['a;b;c', ';'],
    ['a\tb', '\t'],
    ['a|b|c,d', '|'],
    ['"x;y",b,"p;q;r"', ','],
    ['alone', undefined],
    ['', undefined],
  ])('of %j: %j', (line, separator) => expect(separatorIn(line)).toBe(separator));

  test('another one than is said is named', async () => {
    expect(() => checkSeparator('t.csv', 'a\tb')).toThrow('say "separator": "\\t"');
    expect(() => checkSeparator('t.csv', 'a,b', ';')).toThrow(
      'expected columns with ";" between them; say "separator": ","',
    );
    expect(() => checkSeparator('t.csv', 'alone')).not.toThrow();
    const file = await project.write('s.csv', 'a;b\n1;2');
    await expect(tableIn(file)).rejects.toThrow('say "separator": ";"');
    expect((await tableIn(file, ';')).header).toEqual(['a', 'b']);
  });
});
