import { DataError } from '@keepprob/core';
import { type Floats, type NumberType, numbersAt } from './arrays.ts';

/** Types by their codes; IDX is big-endian. */
const types: ReadonlyMap<number, NumberType> = new Map([
  [8, { size: 1, read: (v, i) => v.getUint8(i) }],
  [9, { size: 1, read: (v, i) => v.getInt8(i) }],
  [11, { size: 2, read: (v, i) => v.getInt16(i) }],
  [12, { size: 4, read: (v, i) => v.getInt32(i) }],
  [13, { size: 4, read: (v, i) => v.getFloat32(i) }],
  [14, { size: 8, read: (v, i) => v.getFloat64(i) }],
]);

/** The type given by the third byte; undefined for another kind of file. */
const typeOf = (bytes: Uint8Array): NumberType | undefined => types.get(bytes[2] ?? 0);

export const isIdx = (bytes: Uint8Array): boolean => bytes[0] === 0 && bytes[1] === 0 && typeOf(bytes) !== undefined;

/**
 * Reads an array in IDX, the format of MNIST (LeCun, Cortes & Burges): two zeros, type, number of axes, the axes as 32-bit integers, the numbers.
 * @throws DataError for a truncated file
 */
export function readIdx(path: string, bytes: Uint8Array): Floats {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [axes = 0, type] = [bytes[3], typeOf(bytes)];
  const begin = 4 + 4 * axes;
  if (!type || bytes.length < begin) throw DataError.of(path, 'an array in IDX', 'a file that was cut');
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  return numbersAt(path, view, begin, shape, type);
}
