/** Random numbers for what the page draws at rest; those of training come from the worker. */
import { random } from '@keepprob/datasets/football';

export { random };

/** 1 with this probability, else 0, so many times. */
export function keepSample(count: number, keepProb: number, seed: number): Uint8Array {
  const next = random(seed);
  return Uint8Array.from({ length: count }, () => Number(next() < keepProb));
}
