import { philox4x32 } from '@keepprob/core/random';
import type { Random } from '../contract.ts';

/** Separates these random numbers from all others of the same seed. */
const SITE = 0x7217a1;

/**
 * The random numbers of a trial: Philox4x32 with the search's seed as key and (index, trial) as counter. The same search and trial give the same numbers.
 * @example
 * const random = randomOf(7, 0);
 * random.seed; // 7
 * random.uniform() === randomOf(7, 0).uniform(); // true
 */
export function randomOf(seed: number, trial: number): Random {
  const key = [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0] as const;
  let index = 0;
  const uniform = (): number => {
    const [high = 0, low = 0] = philox4x32([index++, trial, SITE, 0], key);
    return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
  };
  return {
    seed,
    uniform,
    // Box & Muller 1958; 1 − u is never 0
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}
