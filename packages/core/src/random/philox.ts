/**
 * Philox4x32, a counter-based generator: a bijection of (counter, key), so streams with different counters cannot collide.
 * Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, §4.3.
 */

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9; // key schedule: golden ratio
const W1 = 0xbb67ae85; // key schedule: √3 − 1

/** High 32 bits of a × b from 16-bit halves; no partial sum exceeds 2³², so every step stays an integer operation. */
const mulHigh = (a: number, bLow: number, bHigh: number): number => {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const cross = (Math.imul(aLow, bHigh) + (middle & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (cross >>> 16)) | 0;
};

/**
 * Writes four random words for one counter and key into `out`.
 * The key is the pair of 32-bit halves of a seed; format 1 of the masks uses 7 rounds.
 */
export function philox(
  out: Int32Array | Uint32Array,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
  rounds = 7,
): void {
  let x0 = c0 | 0;
  let x1 = c1 | 0;
  let x2 = c2 | 0;
  let x3 = c3 | 0;
  let key0 = k0 | 0;
  let key1 = k1 | 0;
  for (let round = 0; round < rounds; round++) {
    const high0 = mulHigh(x0, M0 & 0xffff, M0 >>> 16);
    const high1 = mulHigh(x2, M1 & 0xffff, M1 >>> 16);
    const low0 = Math.imul(x0, M0);
    const low1 = Math.imul(x2, M1);
    x0 = high1 ^ x1 ^ key0;
    x1 = low1;
    x2 = high0 ^ x3 ^ key1;
    x3 = low0;
    key0 = (key0 + W0) | 0;
    key1 = (key1 + W1) | 0;
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
}

/**
 * Philox4x32 (Salmon, Moraes, Dror & Shaw 2011): four random words from a counter and a key of 32-bit words.
 * @example
 * philox4x32([0, 0, 0, 0], [0, 0], 10); // [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]
 */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
  rounds = 7,
): Uint32Array {
  const out = new Uint32Array(4);
  philox(out, ...counter, ...key, rounds);
  return out;
}
