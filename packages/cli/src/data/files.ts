/** Reads files as text and arrays. */
import { constants } from 'node:buffer';
import { DataError } from '@keepprob/core';
import { bytesOf } from '@keepprob/trainer/node';
import type { Floats } from './arrays.ts';
import { isIdx, readIdx } from './idx.ts';
import { isNpy, readNpy } from './npy.ts';

/** The most bytes of a text, which never has more characters than bytes. */
export const MOST_TEXT = constants.MAX_STRING_LENGTH;

/** Reads a file as text in UTF-8. @throws DataError */
export async function textOf(path: string): Promise<string> {
  return Buffer.from(await bytesOf(path, MOST_TEXT)).toString('utf8');
}

/** Reads an array in .npy or IDX, which differ in their first bytes. @throws DataError */
export async function arrayIn(path: string): Promise<Floats> {
  const bytes = await bytesOf(path);
  const read = isNpy(bytes) ? readNpy : isIdx(bytes) ? readIdx : undefined;
  if (!read) throw DataError.of(path, 'an array in .npy or IDX, gzipped or not', 'another kind of file');
  const array = read(path, bytes);
  if (!array.shape.length || !array.data.length)
    throw DataError.of(path, 'an array with rows', `shape [${array.shape}]`);
  return array;
}
