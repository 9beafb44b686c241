import { uniforms } from '@keepprob/core/random';

/** Keeps the random numbers of shuffling apart from those of masks: no mask has this site. */
const SHUFFLE = 0xffffffff;

/** The rows 0 … n − 1 in the order of this epoch: Fisher–Yates, a pure function of (n, seed, epoch). */
export function shuffled(n: number, seed: number, epoch: number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const drawn = uniforms({ seed, step: epoch, site: SHUFFLE, draw: 0 }, Math.max(0, n - 1));
  drawn.forEach((u, drawnBefore) => {
    const i = n - 1 - drawnBefore;
    const j = Math.floor(u * (i + 1));
    [order[i], order[j]] = [at(order, j), at(order, i)];
  });
  return order;
}

const at = (order: Int32Array, i: number): number => order[i] ?? i;
