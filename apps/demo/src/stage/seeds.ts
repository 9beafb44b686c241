/** One experiment with several seeds: which they are, and how the page tells of them. */
import type { Figure } from './figure.ts';

interface Seeded {
  /** The first. */
  readonly seed: number;
  /** How many. */
  readonly seeds: number;
}

/** 7, 8, 9, … */
export const seedsOf = ({ seed, seeds }: Seeded): number[] => Array.from({ length: seeds }, (_, i) => seed + i);

/** "seed 7", or "seeds 7 to 11" */
export const seedsText = ({ seed, seeds }: Seeded): string =>
  seeds === 1 ? `seed ${seed}` : `seeds ${seed} to ${seed + seeds - 1}`;

/** What stands behind numbers that are means: " (means of 5 seeds)"; nothing for one seed. */
export const meansText = (seeds: number): string => (seeds === 1 ? '' : ` (means of ${seeds} seeds)`);

/** What a difference rests on: "200 dev points", or "5 seeds and 200 dev points". */
export const restsOn = (seeds: number, examples: string): string =>
  seeds === 1 ? examples : `${seeds} seeds and ${examples}`;

/** The figure of several seeds: the mean of each line, and a band that holds them all. */
export const banded = <F extends Figure>(figure: F, seeds: number): F =>
  seeds === 1
    ? figure
    : {
        ...figure,
        caption: `${figure.caption}. A line is the mean of ${seeds} seeds; all of them lie in its band`,
        lines: figure.lines.map(line => ({ ...line, band: 'all seeds' })),
      };
