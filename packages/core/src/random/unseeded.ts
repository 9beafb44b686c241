/**
 * Numbers for what takes no seed. TF.js' own random layers, and tensors that someone makes without a seed, ask `Math.random` for one (tfjs-core 4.22: once for
 * each tensor). In the forward pass of a run it answers with numbers that the run's seed, the step and the rows decide, so that these layers, too, draw the same
 * again when the run is repeated or resumed.
 */
import type { Moment, RandomKey } from '../contract.ts';
import { uniforms } from './random.ts';

/** Behind the sites of all layers and plugins. */
const SITE = 2 ** 31 - 1;
/** Numbers that are computed at once. */
const BLOCK = 16;

/** The numbers of one pass, one after the other. Parts of a batch have streams of their own: their first row is the draw. */
function numbersOf({ step, rows }: Moment, seed: number): () => number {
  const key: RandomKey = { seed, step, site: SITE, draw: rows[0] };
  let block: Float64Array = new Float64Array(0);
  let next = 0;
  return () => {
    if (next % BLOCK === 0) block = uniforms(key, BLOCK, next);
    return block[next++ % BLOCK] ?? 0;
  };
}

/** Runs `f`, in which `Math.random` gives the numbers of this moment, and puts it back whatever happens. */
export function withNumbersOf<T>(at: Moment, seed: number, f: () => T): T {
  const { random } = Math;
  const numbers = numbersOf(at, seed);
  // a realm in which it is frozen stays as it is
  if (!Reflect.set(Math, 'random', numbers)) return f();
  try {
    return f();
  } finally {
    Math.random = random;
  }
}
