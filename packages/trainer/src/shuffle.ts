import { philox4x32 } from '@keepprob/core';

/** Keeps the words of shuffling apart from those of masks: no mask has this site. */
const SHUFFLE = 0xffffffff;

/** The rows 0 … n − 1 in the order of this epoch: Fisher–Yates, a pure function of (n, seed, epoch). */
export function shuffled(n: number, seed: number, epoch: number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const key = [seed % 2 ** 32, Math.floor(seed / 2 ** 32)] as const;
  let words = new Uint32Array(0);
  for (let i = n - 1, drawn = 0; i > 0; i--, drawn++) {
    if (drawn % 4 === 0) words = philox4x32([drawn / 4, epoch, SHUFFLE, 0], key) as Uint32Array<ArrayBuffer>;
    const j = Math.floor(((words[drawn % 4] as number) / 2 ** 32) * (i + 1));
    const swapped = order[i] as number;
    order[i] = order[j] as number;
    order[j] = swapped;
  }
  return order;
}
