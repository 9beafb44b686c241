/** Seeds derived from that of the search. */
import { philox4x32 } from '@keepprob/core/random';

/** Separates these numbers from all others of the same seed. */
const SITE = 0x5eed1;

/** The seed of weights, shuffling and masks on a fold, the same for every trial: from 1 to 2³¹ − 1, since TF.js' initializers take 0 for no seed. */
export function seedOfFold(seed: number, fold: number): number {
  const [word = 0] = philox4x32([fold, 0, SITE, 0], [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0]);
  return 1 + (word % (2 ** 31 - 1));
}
