/**
 * Numbers for what takes no seed. A marked seam: TF.js 4.22 asks `Math.random` for the seed of each initializer that was given none, when the weights are made. While
 * a trial makes its model it answers with numbers of the unit's seed, so that a trial that says nothing of seeds begins with the same weights in every
 * process, and those of other trials on this fold as far as their shapes agree.
 */
import { uniforms } from '@keepprob/core/random';

/** Keeps them apart from all other numbers of the same seed. */
const SITE = 0x5eed3;

/** Runs `f`, as far as its first `await`, in which `Math.random` gives numbers of this seed, and puts it back whatever happens. */
export function seeded<T>(seed: number, f: () => T): T {
  const { random } = Math;
  let index = 0;
  const number = (): number => uniforms({ seed, step: 0, site: SITE, draw: 0 }, 1, index++)[0] ?? 0;
  // a realm in which it is frozen stays as it is
  if (!Reflect.set(Math, 'random', number)) return f();
  try {
    return f();
  } finally {
    Math.random = random;
  }
}
