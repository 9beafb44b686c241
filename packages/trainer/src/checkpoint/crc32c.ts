/**
 * CRC-32C (Castagnoli 1993; RFC 3720, appendix B.4): the checksum of checkpoints and of TensorBoard's records. Processes eight bytes at a time (Kounavis & Berry, "A
 * systematic approach to building high performance software-based CRC generators", 2005).
 */

/** The polynomial, bits reversed. */
const POLYNOMIAL = 0x82f63b78;

/** At 256 k + b, the effect of byte b on the checksum k bytes later. */
const table = new Int32Array(8 * 256);
const entry = (index: number): number => table[index] ?? 0;
for (let byte = 0; byte < 256; byte++) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  table[byte] = crc;
}
for (let at = 256; at < table.length; at++) {
  const before = entry(at - 256);
  table[at] = (before >>> 8) ^ entry(before & 0xff);
}

/** The checksum of `bytes`, unsigned. To continue a checksum, pass the checksum of the preceding bytes as `before`. */
export function crc32c(bytes: Uint8Array, before = 0): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const pairs = bytes.length - (bytes.length % 8);
  let crc = ~before;
  for (let at = 0; at < pairs; at += 8) {
    const low = crc ^ view.getInt32(at, true);
    const high = view.getInt32(at + 4, true);
    crc =
      entry(1792 + (low & 0xff)) ^
      entry(1536 + ((low >>> 8) & 0xff)) ^
      entry(1280 + ((low >>> 16) & 0xff)) ^
      entry(1024 + (low >>> 24)) ^
      entry(768 + (high & 0xff)) ^
      entry(512 + ((high >>> 8) & 0xff)) ^
      entry(256 + ((high >>> 16) & 0xff)) ^
      entry(high >>> 24);
  }
  for (const byte of bytes.subarray(pairs)) crc = (crc >>> 8) ^ entry((crc ^ byte) & 0xff);
  return ~crc >>> 0;
}
