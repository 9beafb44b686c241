import { DataError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import { type Floats, type NumberType, numbersAt } from './arrays.ts';
import { LONGEST_HEADER, type NpyHeader, npyHeader } from './npyHeader.ts';

/** Types of NumPy; little-endian, as written by all current machines. */
const types: ReadonlyMap<string, NumberType> = new Map([
  ['|b1', { size: 1, read: (v, i) => v.getUint8(i) }],
  ['|u1', { size: 1, read: (v, i) => v.getUint8(i) }],
  ['|i1', { size: 1, read: (v, i) => v.getInt8(i) }],
  ['<u2', { size: 2, read: (v, i) => v.getUint16(i, true) }],
  ['<i2', { size: 2, read: (v, i) => v.getInt16(i, true) }],
  ['<u4', { size: 4, read: (v, i) => v.getUint32(i, true) }],
  ['<i4', { size: 4, read: (v, i) => v.getInt32(i, true) }],
  ['<u8', { size: 8, read: (v, i) => Number(v.getBigUint64(i, true)) }],
  ['<i8', { size: 8, read: (v, i) => Number(v.getBigInt64(i, true)) }],
  ['<f4', { size: 4, read: (v, i) => v.getFloat32(i, true) }],
  ['<f8', { size: 8, read: (v, i) => v.getFloat64(i, true) }],
]);

const MAGIC = [0x93, ...Buffer.from('NUMPY')];

export const isNpy = (bytes: Uint8Array): boolean => MAGIC.every((byte, i) => bytes[i] === byte);

/**
 * Reads an array written by `numpy.save`, as floats. The format is that of numpy.lib.format, versions 1 to 3.
 * @throws DataError for column-major order, big-endian, complex, half-precision or other types, and for a truncated file
 */
export function readNpy(path: string, bytes: Uint8Array): Floats {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [major = 0] = bytes.subarray(6);
  const long = major >= 2;
  const start = long ? 12 : 10;
  if (bytes.length < start) throw DataError.of(path, 'an array of NumPy', 'a file that was cut');
  const begin = start + (long ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = headerIn(path, bytes.subarray(start, begin));
  if (header.fortran)
    throw DataError.of(path, 'an array in C order: np.save(path, np.ascontiguousarray(x))', 'one in Fortran order');
  const type = types.get(header.descr);
  if (type) return numbersAt(path, view, begin, header.shape, type);
  const known = `numbers of type ${[...types.keys()].join(', ')}: np.save(path, x.astype("float32"))`;
  throw DataError.of(path, known, show(header.descr));
}

function headerIn(path: string, bytes: Uint8Array): NpyHeader {
  const expected = 'an array of plain numbers';
  if (bytes.length > LONGEST_HEADER)
    throw DataError.of(path, `${expected}, with a header of at most ${LONGEST_HEADER} bytes`, String(bytes.length));
  const text = Buffer.from(bytes).toString('utf8');
  const header = npyHeader(text);
  if (!header) throw DataError.of(path, expected, show(text.trim()));
  return header;
}
