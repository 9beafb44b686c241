/** Points in the plane like those of the course's lab. Nothing here reads a file, so that a page can use it, too. */

/** Numbers in [0, 1). */
export type Draw = () => number;

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function random(seed: number): Draw {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A point in [−1, 1)², and who gets the ball there: 0 or 1. */
export interface Landing {
  readonly at: readonly [number, number];
  readonly label: number;
}

/** Like the course's football field: who gets the ball depends on where it lands, and near the border on luck. */
export function football(next: Draw): Landing {
  const x = 2 * next() - 1;
  const y = 2 * next() - 1;
  const border = 0.75 * x + 0.25 * Math.sin(4 * x);
  return { at: [x, y], label: Number(next() < 1 / (1 + Math.exp(-9 * (y - border)))) };
}
