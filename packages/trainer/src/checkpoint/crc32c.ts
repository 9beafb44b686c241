/**
 * CRC-32C (Castagnoli 1993; RFC 3720, appendix B.4): the checksum of checkpoints and of TensorBoard's records. Eight bytes at a time
 * (Kounavis & Berry, "A systematic approach to building high performance software-based CRC generators", 2005).
 */

/** The polynomial, bits reversed. */
const POLYNOMIAL = 0x82f63b78;

/** tables[k][b]: what byte b does to the checksum k bytes later. */
const tables = Array.from({ length: 8 }, () => new Int32Array(256));
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
];
for (let byte = 0; byte < 256; byte++) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  t0[byte] = crc;
}
for (let byte = 0; byte < 256; byte++) {
  for (let k = 1; k < 8; k++) {
    const before = tables[k - 1]![byte]!;
    tables[k]![byte] = (before >>> 8) ^ t0[before & 0xff]!;
  }
}

/** The checksum of `bytes`, or of what `before` is the checksum of with `bytes` behind it. Unsigned. */
export function crc32c(bytes: Uint8Array, before = 0): number {
  const { buffer, byteOffset, length } = bytes;
  // up to the first aligned word, pairs of words, the rest
  const head = Math.min(length, -byteOffset & 3);
  const pairs = (length - head) >>> 3;
  const words = pairs ? new Int32Array(buffer, byteOffset + head, 2 * pairs) : new Int32Array(0);
  let crc = bytewise(~before, bytes.subarray(0, head));
  for (let i = 0; i < words.length; i += 2) {
    // little-endian, as every machine is that runs JavaScript
    const low = crc ^ words[i]!;
    const high = words[i + 1]!;
    crc =
      t7[low & 0xff]! ^
      t6[(low >>> 8) & 0xff]! ^
      t5[(low >>> 16) & 0xff]! ^
      t4[low >>> 24]! ^
      t3[high & 0xff]! ^
      t2[(high >>> 8) & 0xff]! ^
      t1[(high >>> 16) & 0xff]! ^
      t0[high >>> 24]!;
  }
  return ~bytewise(crc, bytes.subarray(head + 8 * pairs)) >>> 0;
}

function bytewise(before: number, bytes: Uint8Array): number {
  let crc = before;
  for (const byte of bytes) crc = (crc >>> 8) ^ t0[(crc ^ byte) & 0xff]!;
  return crc;
}
