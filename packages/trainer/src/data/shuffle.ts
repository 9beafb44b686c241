import { uniforms } from '@keepprob/core/random';

/** Keeps the words of shuffling apart from those of masks: no mask has this site. */
const SHUFFLE = 0xffffffff;

/** The rows 0 … n − 1 in the order of this epoch: Fisher–Yates, a pure function of (n, seed, epoch). */
export function shuffled(n: number, seed: number, epoch: number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const drawn = uniforms({ seed, step: epoch, site: SHUFFLE, draw: 0 }, Math.max(0, n - 1));
  for (let i = n - 1, next = 0; i > 0; i--, next++) {
    const j = Math.floor((drawn[next] as number) * (i + 1));
    const swapped = order[i] as number;
    order[i] = order[j] as number;
    order[j] = swapped;
  }
  return order;
}
