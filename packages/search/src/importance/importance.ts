import { checkOptions, option } from '@keepprob/core';
import { checkArgument } from '@keepprob/core/driver';
import type { Dimension, Told } from '../contract.ts';
import { dimensionsOption } from '../parts.ts';
import { exists, isPointOf, numberIn } from '../space/points.ts';
import { densityOf } from './density.ts';
import { countsOf } from './grid.ts';

/** The minimum number of best trials that the densities need, and their default share of all trials. */
const BEST = 5;
const TARGET = 0.1;
/** Minimum number of trials, so that the best are at most half of all. */
const NEEDED = 2 * BEST;

/** Options of `importance`. */
export interface ImportanceOptions {
  /** The share of trials that count as best; by default a tenth, and at least five trials. */
  readonly target?: number;
}

/** How much each dimension contributed to being among the best. */
export type Importance =
  | {
      /** There were enough trials. */
      readonly kind: 'measured';
      /** Number of complete trials. */
      readonly trials: number;
      /** Number of those that count as best. */
      readonly best: number;
      /** By dimension, in the order of the space; they add up to 1, or are all 0 if no dimension mattered. */
      readonly shares: Readonly<Record<string, number>>;
      /** By dimension: Pearson's divergence of the best from all, times the squared share of the best. */
      readonly divergences: Readonly<Record<string, number>>;
    }
  | {
      /** There were not enough trials. */
      readonly kind: 'too few';
      /** Number of complete trials. */
      readonly trials: number;
      /** Number of trials needed. */
      readonly needed: number;
    };

const specs = { target: option.optional(option.number({ above: 0, below: 1 })) };

/**
 * The importance of each dimension by PED-ANOVA (S. Watanabe, A. Bansal & F. Hutter, IJCAI 2023): how far the density p of the best γ of the complete
 * trials is from the density q of all, in that one dimension: γ² Σ q (p/q − 1)² over its cells. For a dimension that exists in a share β of the trials
 * and in a share α of the best, this is multiplied by α²/β. It tells what mattered in this search for being among the best, and nothing about
 * interactions of dimensions. Pruned trials, and points outside the space, are left out.
 * @example
 * const { dimensions } = readSpace({ keep: keepProb(0.3, 1), other: float(0, 1) });
 * const told = [];
 * for (let number = 0; number < 60; number++) {
 *   const point = sobol().suggest(dimensions, told, randomOf(7, number));
 *   told.push({ number, point, state: 'complete', value: (point.keep - 0.6) ** 2 });
 * }
 * const { shares } = importance(dimensions, told);
 * shares.keep > 0.8; // true
 * importance(dimensions, told.slice(0, 9)); // { kind: 'too few', trials: 9, needed: 10 }
 * @throws OptionError for a target outside (0, 1), or for arguments that are not lists of dimensions or trials
 */
export function importance(
  dimensions: readonly Dimension[],
  told: readonly Told[],
  options: ImportanceOptions = {},
): Importance {
  checkArgument('importance', 'dimensions', dimensionsOption, dimensions);
  checkArgument('importance', 'told', option.custom<readonly Told[]>('a list of trials', Array.isArray), told);
  const { target } = checkOptions('importance', specs, options);
  const all = told.filter(
    ({ state, value, point }) =>
      state === 'complete' && value !== null && Number.isFinite(value) && isPointOf(dimensions, point),
  );
  if (all.length < NEEDED) return { kind: 'too few', trials: all.length, needed: NEEDED };
  const best = bestOf(
    all,
    target === undefined ? Math.max(BEST, Math.ceil(TARGET * all.length)) : Math.ceil(target * all.length),
  );
  const divergences = dimensions.map(dimension => [dimension.name, divergence(dimension, best, all)] as const);
  const total = divergences.reduce((sum, [, value]) => sum + value, 0);
  return {
    kind: 'measured',
    trials: all.length,
    best: best.length,
    shares: Object.fromEntries(divergences.map(([name, value]) => [name, total > 0 ? value / total : 0])),
    divergences: Object.fromEntries(divergences),
  };
}

/** The best `count` trials, and those that are as good as the last of them. */
function bestOf(all: readonly Told[], count: number): Told[] {
  const last = all.map(({ value }) => value ?? 0).sort((a, b) => a - b)[count - 1] ?? Number.POSITIVE_INFINITY;
  return all.filter(({ value }) => (value ?? 0) <= last);
}

function divergence(dimension: Dimension, best: readonly Told[], all: readonly Told[]): number {
  const [among, overall] = [best, all].map(trials => numbersOf(dimension, trials));
  if (!among || !overall || among.length === 0 || overall.length < 2) return 0;
  const density = (numbers: readonly number[]) => densityOf(countsOf(dimension, numbers), dimension.kind === 'choice');
  const [p, q] = [density(among), density(overall)];
  const pearson = q.reduce((sum, share, cell) => sum + share * ((p[cell] ?? 0) / share - 1) ** 2, 0);
  const [alpha, beta, gamma] = [among.length / best.length, overall.length / all.length, best.length / all.length];
  return gamma ** 2 * (alpha ** 2 / beta) * pearson;
}

const numbersOf = (dimension: Dimension, trials: readonly Told[]): number[] =>
  trials.flatMap(({ point }) => (exists(dimension, point) ? [numberIn(point, dimension.name) ?? 0] : []));
