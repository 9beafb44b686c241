/** The random order of a split, by Philox, so that the same seed gives the same folds everywhere. */
import { permutation, uniforms } from '@keepprob/core/random';

/** Separates the random numbers of splits from those of masks and of shuffled epochs. */
const SITE = 0xfffffffe;

/** The purposes of the numbers. */
const draws = { rows: 0, groups: 1, inner: 2, fresh: 3, unit: 4, outer: 5 } as const;

/** 0 … count − 1 in the order of this repeat. */
export const order = (seed: number, repeat: number, count: number, of: 'rows' | 'groups'): Int32Array =>
  permutation({ seed, step: repeat, site: SITE, draw: draws[of] }, count);

/**
 * A seed derived from another: for the inner folds of an outer one, which would repeat the order of the outer folds with the same seed; for partitions and
 * units that confirm a search; and for searches within outer folds.
 */
export function derivedSeed(seed: number, of: 'inner' | 'fresh' | 'unit' | 'outer', number: number): number {
  const [u = 0] = uniforms({ seed, step: number, site: SITE, draw: draws[of] }, 1);
  return Math.floor(u * 2 ** 32);
}
