/**
 * Random numbers of a key, by index in the global batch: a batch that is split into shards draws the same numbers as the whole batch, on every backend.
 * Philox4x32-7, one 32-bit word for each number: number e is word e & 3 of the block with the counter (e >>> 2, step, site, draw).
 */
import type { RandomKey } from '../contract.ts';
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
    for (let e = Math.max(first, start); e < Math.min(end, start + 4); e++) all[e - first] = block[e & 3] ?? 0;
  }
  return all;
}

/**
 * `count` numbers in [0, 1), with the indices first, first + 1, …
 * @example
 * uniforms({ seed: 1, step: 0, site: 0, draw: 0 }, 2); // [0.9537, 0.469]
 */
export function uniforms(key: RandomKey, count: number, first = 0): Float64Array {
  const words = wordsOf(key, count, first);
  const u = new Float64Array(count);
  for (let i = 0; i < count; i++) u[i] = (words[i] ?? 0) / TWO_TO_32;
  return u;
}

/**
 * `count` numbers from N(0, 1), with the indices first, first + 1, … (Box & Muller 1958, on the words 2i and 2i + 1 of each pair).
 * @example
 * normals({ seed: 1, step: 0, site: 0, draw: 0 }, 2); // [-0.3022, 0.0597]
 */
export function normals(key: RandomKey, count: number, first = 0): Float64Array {
  const odd = first % 2;
  const words = wordsOf(key, 2 * Math.ceil((odd + count) / 2), first - odd);
  const z = new Float64Array(words.length);
  for (let i = 0; i < z.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(((words[i] ?? 0) + 0.5) / TWO_TO_32));
    const angle = (2 * Math.PI * (words[i + 1] ?? 0)) / TWO_TO_32;
    z[i] = radius * Math.cos(angle);
    z[i + 1] = radius * Math.sin(angle);
  }
  return z.subarray(odd, odd + count);
}

/**
 * The numbers 0 … count − 1 in a random order, sorted by the random numbers with the indices first, first + 1, …
 * @example
 * permutation({ seed: 1, step: 0, site: 0, draw: 0 }, 5); // [2, 3, 4, 1, 0]
 */
export function permutation(key: RandomKey, count: number, first = 0): Int32Array {
  const u = uniforms(key, count, first);
  return Int32Array.from(u.keys()).sort((a, b) => (u[a] ?? 0) - (u[b] ?? 0));
}
