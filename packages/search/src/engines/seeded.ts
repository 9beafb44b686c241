/**
 * Seeds initializers without a seed. A marked seam: TF.js 4.22 takes the seed of such an initializer from `Math.random` when the weights are created. While
 * a trial creates its model, `Math.random` returns numbers derived from the unit's seed, so that a trial that sets no seeds starts with the same weights in
 * every process, and with those of other trials on this fold as far as their shapes agree.
 */
import { uniforms } from '@keepprob/core/random';

/** Separates these numbers from all others of the same seed. */
const SITE = 0x5eed3;

/** Runs `f` up to its first `await` with `Math.random` seeded, and always restores `Math.random`. */
export function seeded<T>(seed: number, f: () => T): T {
  const { random } = Math;
  let index = 0;
  const number = (): number => uniforms({ seed, step: 0, site: SITE, draw: 0 }, 1, index++)[0] ?? 0;
  // does nothing if Math is frozen
  if (!Reflect.set(Math, 'random', number)) return f();
  try {
    return f();
  } finally {
    Math.random = random;
  }
}
