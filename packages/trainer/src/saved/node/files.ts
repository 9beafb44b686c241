/** Reads files as bytes and JSON. Files may be malicious, so no more than a limit is read or unpacked. */
import { constants } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { DataError } from '@keepprob/core';
import type { GenericSchema } from 'valibot';
import { held } from '../check.ts';
import * as messages from '../messages.ts';

/** The most bytes of a file, before and after it is unpacked: the most that Node reads at once. */
export const MOST_BYTES = 2 ** 31 - 1;

/** The most bytes of a text, which never has more characters than bytes. */
const MOST_TEXT = constants.MAX_STRING_LENGTH;

/**
 * The size of a file in bytes, before it is unpacked.
 * @example
 * await writeFile('abc.txt', 'abc');
 * await sizeOfFile('abc.txt'); // 3
 * @throws DataError for a missing file, and for a folder or a device
 */
export async function sizeOfFile(path: string): Promise<number> {
  const found = await stat(path).catch(({ code, message }: NodeJS.ErrnoException) => {
    throw new DataError(code === 'ENOENT' ? messages.noFile(path) : messages.notRead(path, message));
  });
  if (found.isFile()) return found.size;
  throw DataError.of(path, 'a file', found.isDirectory() ? 'a folder' : 'no regular file');
}

/**
 * The bytes of a file, unpacked if it is gzipped.
 * @param most the most bytes that the file may have; 2 GiB by default
 * @example
 * await writeFile('abc.txt', 'abc');
 * (await bytesOf('abc.txt')).length; // 3
 * @throws DataError for a file that is missing, is not a regular file (a device may have no end), or has more than `most` bytes
 */
export async function bytesOf(path: string, most = MOST_BYTES): Promise<Uint8Array> {
  try {
    const size = await sizeOfFile(path);
    if (size > most) throw DataError.of(path, atMost(most), String(size));
    // files of the kernel, which may have no end, report a size of 0
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

/** Reads a JSON file with any contents. @throws DataError */
export async function anyJsonOf(path: string, expected: string): Promise<unknown> {
  const text = Buffer.from(await bytesOf(path, MOST_TEXT)).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw DataError.of(path, expected, (error as Error).message);
  }
}

/**
 * Reads a JSON file and checks it against a valibot schema; the messages of the schema say what belongs in each field.
 * @param expected what the file should be
 * @example
 * import * as v from 'valibot';
 * await writeFile('one.json', '{ "one": 1 }');
 * await jsonOf('one.json', v.object({ one: v.literal(1, 'the number 1') }), 'an object with one'); // { one: 1 }
 * @throws DataError if the file does not fit the schema, with the first field that is wrong
 */
export const jsonOf = async <T>(path: string, schema: GenericSchema<T>, expected: string): Promise<T> =>
  held(path, schema, expected, await anyJsonOf(path, expected));
