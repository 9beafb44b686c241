/** FNV-1a over numbers: distinguishes lists that are too long for a journal. */
export const checksum = (numbers: Int32Array): number =>
  numbers.reduce((hash, number) => Math.imul(hash ^ number, 16777619), 0x811c9dc5 | 0) >>> 0;
