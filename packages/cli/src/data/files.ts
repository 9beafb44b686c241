/** Files as bytes, text, JSON and arrays. Whoever wrote them may mean harm: nothing is read, or unpacked, beyond a bound. */
import { constants } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { DataError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import * as v from 'valibot';
import * as messages from '../config/messages.ts';
import type { Floats } from './arrays.ts';
import { isIdx, readIdx } from './idx.ts';
import { isNpy, readNpy } from './npy.ts';

/** The most bytes of a file, before and after it is unpacked: as many as Node reads at once. */
export const MOST_BYTES = 2 ** 31 - 1;

/** The most bytes of a text: none has more characters than bytes. */
export const MOST_TEXT = constants.MAX_STRING_LENGTH;

/** The bytes that a file has, as it is packed. @throws DataError for one that is not there, and for a folder or a device */
export async function sizeOfFile(path: string): Promise<number> {
  const found = await stat(path).catch(({ code, message }: NodeJS.ErrnoException) => {
    throw new DataError(code === 'ENOENT' ? messages.fileMissing(path) : messages.notRead(path, message));
  });
  if (found.isFile()) return found.size;
  throw DataError.of(path, 'a file', found.isDirectory() ? 'a folder' : 'no regular file');
}

/**
 * The bytes of a file, unpacked if it is gzipped.
 * @throws DataError for a file that is not there, that is no regular file (a device may have no end), or that has more than `most` bytes
 */
export async function bytesOf(path: string, most = MOST_BYTES): Promise<Uint8Array> {
  try {
    const size = await sizeOfFile(path);
    if (size > most) throw DataError.of(path, atMost(most), String(size));
    // those of the kernel, which may have no end, say that they are empty
    const bytes = size ? await readFile(path) : Buffer.of();
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes, { maxOutputLength: most }) : bytes;
  } catch (error) {
    if (error instanceof DataError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw DataError.of(path, atMost(most), 'more, once it is unpacked');
    throw new DataError(messages.notRead(path, message));
  }
}

const atMost = (bytes: number): string => `at most ${bytes} bytes`;

/** A file as text, in UTF-8. @throws DataError */
export async function textOf(path: string): Promise<string> {
  return Buffer.from(await bytesOf(path, MOST_TEXT)).toString('utf8');
}

/**
 * A file of JSON that a schema accepts; the messages of the schema say what belongs in each place.
 * @param expected what such a file is
 * @throws DataError for another file, with the first place that is wrong
 */
export async function jsonOf<T>(path: string, schema: v.GenericSchema<T>, expected: string): Promise<T> {
  const json = parsed(path, await textOf(path), expected);
  if (v.is(schema, json)) return json;
  const [issue] = v.safeParse(schema, json).issues ?? [];
  throw DataError.of(path, expected, issue ? misplaced(issue) : 'another JSON');
}

function misplaced(issue: v.BaseIssue<unknown>): string {
  const where = v.getDotPath(issue);
  if (issue.path?.at(-1)?.origin === 'key') return `one without ${where}`;
  return `${show(issue.input)}${where ? ` as ${where}` : ''}, in place of ${issue.message}`;
}

function parsed(path: string, text: string, expected: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw DataError.of(path, expected, (error as Error).message);
  }
}

/** An array in .npy or IDX, told apart by how they begin. @throws DataError */
export async function arrayIn(path: string): Promise<Floats> {
  const bytes = await bytesOf(path);
  const read = isNpy(bytes) ? readNpy : isIdx(bytes) ? readIdx : undefined;
  if (!read) throw DataError.of(path, 'an array in .npy or IDX, gzipped or not', 'another kind of file');
  const array = read(path, bytes);
  if (!array.shape.length || !array.data.length)
    throw DataError.of(path, 'an array with rows', `shape [${array.shape}]`);
  return array;
}
