import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { DataError } from '@keepprob/core';
import * as messages from '../config/messages.ts';
import type { Floats } from './arrays.ts';
import { isIdx, readIdx } from './idx.ts';
import { isNpy, readNpy } from './npy.ts';

/** The bytes of a file, unpacked if it is gzipped. @throws DataError */
export async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    const bytes = await readFile(path);
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new DataError(code === 'ENOENT' ? messages.fileMissing(path) : messages.notRead(path, message));
  }
}

/** An array in .npy or IDX, told apart by how they begin. @throws DataError */
export async function arrayIn(path: string): Promise<Floats> {
  const bytes = await bytesOf(path);
  const read = isNpy(bytes) ? readNpy : isIdx(bytes) ? readIdx : undefined;
  if (!read) throw DataError.of(path, 'an array in .npy or IDX, gzipped or not', 'another kind of file');
  const array = read(path, bytes);
  if (!array.shape[0]) throw DataError.of(path, 'an array with rows', `shape [${array.shape}]`);
  return array;
}
