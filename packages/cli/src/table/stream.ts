/** Reads tables of any length, one piece at a time. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DataError } from '@keepprob/core';
import { sizeOfFile } from '@keepprob/trainer/node';
import type { Row } from '@keepprob/trainer/table';
import * as messages from '../config/messages.ts';
import { checkFields, csvRows, headerOf, LONGEST_ROW } from './csv.ts';
import { checkSeparator, checkText, firstLineOf, onCommandLine } from './tableIn.ts';

export interface RowBlock {
  readonly header: readonly string[];
  readonly rows: readonly Row[];
}

/** Rows in a block. */
const BLOCK = 1024;

/**
 * The rows of a table under its header, a block at a time; the file may be gzipped. Only one block of the file is in memory.
 * @throws DataError for a file that is missing or not a table, and for a row of more than 33,554,432 characters
 */
export async function* rowBlocks(path: string, separator?: string): AsyncGenerator<RowBlock> {
  let header: string[] | undefined;
  let line = 1;
  for await (const text of textBlocks(path)) {
    if (!header) checkSeparator(path, firstLineOf(text), separator, onCommandLine);
    let rows: Row[] = [];
    const found = csvRows(path, text, separator, line);
    for (let next = found.next(); ; next = found.next()) {
      if (next.done) {
        line = next.value;
        break;
      }
      if (!header) {
        header = headerOf(path, next.value);
        continue;
      }
      checkFields(path, header, next.value);
      rows.push(next.value);
      if (rows.length < BLOCK) continue;
      yield { header, rows };
      rows = [];
    }
    if (header && rows.length) yield { header, rows };
  }
  if (!header) headerOf(path, undefined);
}

/** The text of a file in pieces that end at the end of a row. */
async function* textBlocks(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const ends = new RowEnds();
  let [rest, isFirst] = ['', true];
  try {
    for await (const bytes of await streamOf(path)) {
      if (!(bytes instanceof Uint8Array)) continue;
      if (isFirst) checkText(path, bytes);
      isFirst = false;
      const text = decoder.decode(bytes, { stream: true });
      const end = ends.lastIn(text);
      if (end > 0) {
        yield rest + text.slice(0, end);
        rest = '';
      }
      rest += text.slice(end);
      if (rest.length > LONGEST_ROW)
        throw DataError.of(path, `at most ${LONGEST_ROW} characters in a row`, 'more; is a quote not closed?');
    }
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(messages.notRead(path, error instanceof Error ? error.message : String(error)));
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

/** The bytes of a regular file, unpacked if they are gzipped. */
async function streamOf(path: string): Promise<Readable> {
  await sizeOfFile(path);
  const file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
  await file.close();
  const raw = createReadStream(path);
  if (buffer[0] !== 0x1f || buffer[1] !== 0x8b) return raw;
  const unzipped = createGunzip();
  raw.once('error', error => unzipped.destroy(error));
  return raw.pipe(unzipped);
}

/** Finds where the last row of a piece ends: at a line break outside quotes. */
class RowEnds {
  #isQuoted = false;

  /** The position after the last line break of a piece, or 0 if it has none. Must be called for all pieces in order. */
  lastIn(text: string): number {
    let end = 0;
    for (let from = 0; from < text.length; ) {
      const quote = text.indexOf('"', from);
      const to = quote < 0 ? text.length : quote;
      if (!this.#isQuoted) end = Math.max(end, behindBreak(text, from, to));
      if (quote >= 0) this.#isQuoted = !this.#isQuoted;
      from = to + 1;
    }
    return end;
  }
}

/** The position after the last line break from one position to another. A carriage return at the end of a piece may be half of one. */
function behindBreak(text: string, from: number, to: number): number {
  const lineFeed = text.lastIndexOf('\n', to - 1);
  const carriageReturn = text.lastIndexOf('\r', Math.min(to - 1, text.length - 2));
  const last = Math.max(lineFeed, text[carriageReturn + 1] === '\n' ? -1 : carriageReturn);
  return last >= from ? last + 1 : 0;
}
