import { philox4x32 } from '@keepprob/core/random';
import { directions } from './directions.ts';
import { scrambled } from './scramble.ts';

/** Separates the numbers of further dimensions from all others of the same seed. */
const SITE = 0x50b02;

/**
 * Sobol's sequence in the order of Gray codes: point n is ⊕ v_j over the bits j of n ⊕ (n >> 1) (Antonov & Saleev 1979), from n = 0 on.
 * Every 2^m points that start at a multiple of 2^m are a (t, m, s)-net: in one dimension, one point in each interval of length 2^−m.
 * Dimensions without direction numbers have independent numbers.
 * @param seed the seed of Owen's scrambling; null for the sequence itself
 * @yields the next point in [0, 1)^dimensions, a new array each time
 */
export function* sobolPoints(dimensions: number, seed: number | null): Generator<Float64Array> {
  const key = [(seed ?? 0) >>> 0, Math.floor((seed ?? 0) / 2 ** 32) >>> 0] as const;
  const point = new Uint32Array(dimensions);
  const known = directions.slice(0, dimensions);
  for (let n = 0; ; n++) {
    yield Float64Array.from(point, (x, d) => {
      if (d >= known.length) return (philox4x32([n, d, SITE, 0], key)[0] ?? 0) / 2 ** 32;
      return (seed === null ? x : scrambled(x, seed, d)) / 2 ** 32;
    });
    // the one bit in which the Gray codes of n and n + 1 differ: the lowest 0 of n
    const bit = 31 - Math.clz32(~n & (n + 1));
    for (const [d, v] of known.entries()) point[d] = (point[d] ?? 0) ^ (v[bit] ?? 0);
  }
}
