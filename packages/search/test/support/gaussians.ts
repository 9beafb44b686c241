import { normals } from '@keepprob/core/random';

/** Numbers from N(0, 1), one after the other. */
export function gaussians(seed: number): () => number {
  let step = 0;
  let block: number[] = [];
  return () => {
    if (block.length === 0) block = [...normals({ seed, step: step++, site: 0, draw: 0 }, 1024)];
    return block.pop() ?? Number.NaN;
  };
}
