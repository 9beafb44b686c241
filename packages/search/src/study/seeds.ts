/** Seeds that follow from that of the search. */
import { philox4x32 } from '@keepprob/core/random';

/** Keeps them apart from all other numbers of the same seed. */
const SITES = { unit: 0x5eed1, partition: 0x5eed2 } as const;

/** From 1 to 2³¹ − 1: what TF.js' initializers take, some of which read 0 as none. */
function derived(seed: number, index: number, site: number): number {
  const [word = 0] = philox4x32([index, 0, site, 0], [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0]);
  return 1 + (word % (2 ** 31 - 1));
}

/** Of weights, shuffling and masks on a fold: the same for every trial. */
export const seedOfFold = (seed: number, fold: number): number => derived(seed, fold, SITES.unit);

/** Of the nth partition of the rows; 0 is that which the trials are measured on, the others are fresh. */
export const seedOfPartition = (seed: number, n: number): number => derived(seed, n, SITES.partition);
