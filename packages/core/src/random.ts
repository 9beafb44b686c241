/**
 * Random numbers of a key, by index in the global batch: a batch split into shards draws what the whole would draw, on every backend.
 * Philox4x32-7, one 32-bit word for each number: number e is word e & 3 of the block with the counter (e >>> 2, step, site, draw).
 */
import type { RandomKey } from './contract.ts';
import { philox } from './philox.ts';

const TWO_TO_32 = 2 ** 32;

/** The words with the indices first … first + count − 1. */
function wordsOf(key: RandomKey, count: number, first: number): Uint32Array {
  const all = new Uint32Array(count);
  const block = new Int32Array(4);
  const seedHigh = Math.floor(key.seed / TWO_TO_32);
  const end = first + count;
  for (let start = first - (first % 4); start < end; start += 4) {
    philox(block, start / 4, key.step, key.site, key.draw, key.seed, seedHigh);
    for (let e = Math.max(first, start); e < Math.min(end, start + 4); e++) all[e - first] = block[e & 3] as number;
  }
  return all;
}

/** `count` numbers in [0, 1), those with the indices first, first + 1, … */
export const uniforms = (key: RandomKey, count: number, first = 0): Float64Array =>
  Float64Array.from(wordsOf(key, count, first), word => word / TWO_TO_32);

/** `count` numbers from N(0, 1): Box & Muller 1958, on the words 2i and 2i + 1 of each pair. */
export function normals(key: RandomKey, count: number, first = 0): Float64Array {
  const start = first - (first % 2);
  const words = wordsOf(key, 2 * Math.ceil((first + count - start) / 2), start);
  return Float64Array.from({ length: count }, (_, i) => {
    const at = first - start + i;
    const pair = at - (at % 2);
    const radius = Math.sqrt(-2 * Math.log(((words[pair] as number) + 0.5) / TWO_TO_32));
    const angle = (2 * Math.PI * (words[pair + 1] as number)) / TWO_TO_32;
    return radius * (at % 2 ? Math.sin(angle) : Math.cos(angle));
  });
}

/** A random order of 0 … count − 1, by the numbers with the indices first, first + 1, … */
export function permutation(key: RandomKey, count: number, first = 0): Int32Array {
  const u = uniforms(key, count, first);
  return Int32Array.from(u.keys()).sort((a, b) => (u[a] as number) - (u[b] as number));
}
