import { DataError } from '@keepprob/core';
import { type Floats, sizeOf } from './arrays.ts';

type Read = (view: DataView, at: number) => number;

/** Types by their codes; IDX is big-endian. */
const types: Readonly<Record<number, readonly [bytes: number, read: Read]>> = {
  8: [1, (v, i) => v.getUint8(i)],
  9: [1, (v, i) => v.getInt8(i)],
  11: [2, (v, i) => v.getInt16(i)],
  12: [4, (v, i) => v.getInt32(i)],
  13: [4, (v, i) => v.getFloat32(i)],
  14: [8, (v, i) => v.getFloat64(i)],
};

export const isIdx = (bytes: Uint8Array): boolean => bytes[0] === 0 && bytes[1] === 0 && (bytes[2] as number) in types;

/**
 * An array in IDX, the format of MNIST (LeCun, Cortes & Burges): two zeros, type, number of axes, the axes as 32-bit integers, the numbers.
 * @throws DataError for a file that was cut
 */
export function readIdx(path: string, bytes: Uint8Array): Floats {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [size, read] = types[bytes[2] as number] as readonly [number, Read];
  const axes = bytes[3] as number;
  const begin = 4 + 4 * axes;
  if (bytes.length < begin) throw DataError.of(path, 'an array in IDX', 'a file that was cut');
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const count = sizeOf(shape);
  if (bytes.length !== begin + count * size) {
    throw DataError.of(path, `${count * size} bytes of numbers for shape [${shape}]`, String(bytes.length - begin));
  }
  return { data: Float32Array.from({ length: count }, (_, i) => read(view, begin + i * size)), shape };
}
