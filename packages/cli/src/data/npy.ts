import { DataError } from '@keepprob/core';
import { type Floats, sizeOf } from './arrays.ts';

type Read = (view: DataView, at: number) => number;

/** Types of NumPy, with their sizes in bytes; little-endian, as every machine of today writes them. */
const types: Readonly<Record<string, readonly [bytes: number, read: Read]>> = {
  '|b1': [1, (v, i) => v.getUint8(i)],
  '|u1': [1, (v, i) => v.getUint8(i)],
  '|i1': [1, (v, i) => v.getInt8(i)],
  '<u2': [2, (v, i) => v.getUint16(i, true)],
  '<i2': [2, (v, i) => v.getInt16(i, true)],
  '<u4': [4, (v, i) => v.getUint32(i, true)],
  '<i4': [4, (v, i) => v.getInt32(i, true)],
  '<u8': [8, (v, i) => Number(v.getBigUint64(i, true))],
  '<i8': [8, (v, i) => Number(v.getBigInt64(i, true))],
  '<f4': [4, (v, i) => v.getFloat32(i, true)],
  '<f8': [8, (v, i) => v.getFloat64(i, true)],
};

const MAGIC = [0x93, ...Buffer.from('NUMPY')];

export const isNpy = (bytes: Uint8Array): boolean => MAGIC.every((byte, i) => bytes[i] === byte);

/**
 * An array as `numpy.save` writes it, as floats. The format is numpy.lib.format's, versions 1 to 3.
 * @throws DataError for column-major order, big-endian, complex, half-precision or other types, a file that was cut
 */
export function readNpy(path: string, bytes: Uint8Array): Floats {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const long = (bytes[6] as number) >= 2;
  const start = long ? 12 : 10;
  if (bytes.length < start) throw DataError.of(path, 'an array of NumPy', 'a file that was cut');
  const begin = start + (long ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = Buffer.from(bytes.subarray(start, begin)).toString('utf8');
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const dimensions = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (descr === undefined || dimensions === undefined)
    throw DataError.of(path, 'an array of plain numbers', header.trim());
  if (/'fortran_order':\s*True/.test(header))
    throw DataError.of(path, 'an array in C order: np.save(path, np.ascontiguousarray(x))', 'one in Fortran order');
  const [size, read] = types[descr] ?? [];
  if (!size || !read) {
    throw DataError.of(
      path,
      `numbers of type ${Object.keys(types).join(', ')}: np.save(path, x.astype("float32"))`,
      descr,
    );
  }
  const shape = (dimensions.match(/\d+/g) ?? []).map(Number);
  const count = sizeOf(shape);
  if (bytes.length !== begin + count * size) {
    throw DataError.of(
      path,
      `${count * size} bytes of numbers for shape [${shape}]`,
      String(Math.max(0, bytes.length - begin)),
    );
  }
  return { data: Float32Array.from({ length: count }, (_, i) => read(view, begin + i * size)), shape };
}
