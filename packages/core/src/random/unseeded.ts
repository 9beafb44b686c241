/**
 * Random numbers for code that takes no seed. TF.js' own random layers, and random tensors made without a seed, get one from `Math.random` (tfjs-core 4.22:
 * once for each tensor). In the forward pass of a run it returns numbers that depend on the run's seed, the step and the rows, so that these layers, too,
 * repeat their draws when the run is repeated or resumed.
 */
import type { Moment, RandomKey } from '../contract.ts';
import { uniforms } from './random.ts';

/** After the sites of all layers and plugins. */
const SITE = 2 ** 31 - 1;
/** How many numbers are computed at once. */
const BLOCK = 16;

/** The numbers of one pass, in order. Each part of a batch has its own stream: its first row is the draw. */
function numbersOf({ step, rows }: Moment, seed: number): () => number {
  const key: RandomKey = { seed, step, site: SITE, draw: rows[0] };
  let block: Float64Array = new Float64Array(0);
  let next = 0;
  return () => {
    if (next % BLOCK === 0) block = uniforms(key, BLOCK, next);
    return block[next++ % BLOCK] ?? 0;
  };
}

/** Runs `f`, in which `Math.random` returns the numbers of this moment. `Math.random` is restored afterwards, even after an error. */
export function withNumbersOf<T>(at: Moment, seed: number, f: () => T): T {
  const { random } = Math;
  const numbers = numbersOf(at, seed);
  // does nothing in a realm where it is frozen
  if (!Reflect.set(Math, 'random', numbers)) return f();
  try {
    return f();
  } finally {
    Math.random = random;
  }
}
