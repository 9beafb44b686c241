import { philox4x32 } from '@keepprob/core/random';

const BITS = 32;
/** Number of bits of x that one block of 128 random bits decides: a tree of seven levels has 127 nodes. */
const LEVELS = 7;
/** Separates these random numbers from all others of the same seed. */
const SITE = 0x50b01;

/**
 * Owen's nested uniform scrambling (A. B. Owen, "Randomly permuted (t,m,s)-nets and (t,s)-sequences", 1995) in base 2: each bit of x is flipped
 * or not by a random bit that depends on the bits above it. So a net remains a net, and each point becomes uniform.
 */
export function scrambled(x: number, seed: number, dimension: number): number {
  let result = 0;
  for (let level = 0; level < BITS; level += LEVELS) {
    const above = level === 0 ? 0 : x >>> (BITS - level);
    const random = philox4x32([above, level, dimension, SITE], [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0]);
    let node = 1;
    for (let depth = level; depth < Math.min(level + LEVELS, BITS); depth++) {
      const bit = (x >>> (BITS - 1 - depth)) & 1;
      const flip = ((random[node >>> 5] ?? 0) >>> (node & 31)) & 1;
      result = (result << 1) | (bit ^ flip);
      node = 2 * node + bit;
    }
  }
  return result >>> 0;
}
