/**
 * Philox4x32-7: the words of a block are a function of its number, the draw and the seed.
 *
 *     ctr = (number, step, site, draw), key = (seedLow, seedHigh)
 */

export const M0: i32 = 0xd2511f53;
export const M1: i32 = 0xcd9e8d57;
const W0: i32 = 0x9e3779b9;
const W1: i32 = 0xbb67ae85;

// the draw in progress; set before each call
export let c1: i32, c2: i32, c3: i32;
let key0: i32, key1: i32;

export function setDraw(step: i32, site: i32, draw: i32, seedLow: i32, seedHigh: i32): void {
  c1 = step;
  c2 = site;
  c3 = draw;
  key0 = seedLow;
  key1 = seedHigh;
}

/** The four words of one block. */
export function block(number: i32): v128 {
  let x0: u32 = number, x1: u32 = c1, x2: u32 = c2, x3: u32 = c3;
  let k0: u32 = key0, k1: u32 = key1;
  for (let round = 0; round < 7; round++) {
    const p0 = <u64>x0 * <u64>(<u32>M0);
    const p1 = <u64>x2 * <u64>(<u32>M1);
    x0 = <u32>(p1 >> 32) ^ x1 ^ k0;
    x1 = <u32>p1;
    x2 = <u32>(p0 >> 32) ^ x3 ^ k1;
    x3 = <u32>p0;
    k0 += W0;
    k1 += W1;
  }
  return i32x4.replace_lane(i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(x0), 1, x1), 2, x2), 3, x3);
}

/** Bytes of the schedule: 4 words for the first two rounds, then the keys of the other five. */
export const SCHEDULE: usize = 56;
/** Where the keys of the third round are. */
export const THIRD_ROUND: usize = 16;

/**
 * Writes what all blocks of the draw share to `to`. Loaded with a splat, the words cost no shuffle in a loop.
 *
 * Blocks differ only in their number n, so half of the products of the first two rounds are the same for all of them, and two are left:
 *
 *     [high, low] = M0 n;           x2 = high ^ word 0, x3 = low
 *     [high, low] = M1 x2;          x0 = high ^ word 1, x1 = low, x2 = x3 ^ word 2, x3 = word 3
 */
export function schedule(to: usize): void {
  let k0 = key0, k1 = key1;
  const first = <u64>(<u32>c2) * <u64>(<u32>M1);
  const second = <u64>(<u32>(first >> 32) ^ <u32>c1 ^ <u32>k0) * <u64>(<u32>M0);
  store<i32>(to, c3 ^ k1);
  k0 += W0;
  k1 += W1;
  store<i32>(to, <i32>(<u32>first) ^ k0, 4);
  store<i32>(to, <i32>(<u32>(second >> 32)) ^ k1, 8);
  store<i32>(to, <i32>(<u32>second), 12);
  for (let at = THIRD_ROUND; at < SCHEDULE; at += 8) {
    k0 += W0;
    k1 += W1;
    store<i32>(to + at, k0);
    store<i32>(to + at, k1, 4);
  }
}
