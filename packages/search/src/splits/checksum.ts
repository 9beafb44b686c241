/** FNV-1a over numbers: tells lists apart in a journal that has no room for them. */
export const checksum = (numbers: Int32Array): number =>
  numbers.reduce((hash, number) => Math.imul(hash ^ number, 16777619), 0x811c9dc5 | 0) >>> 0;
