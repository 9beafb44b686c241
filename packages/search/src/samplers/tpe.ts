import { checkOptions, option } from '@keepprob/core';
import type { Dimension, Point, Random, Sampler, Told } from '../contract.ts';
import { sampler } from '../parts.ts';
import { exists, isPointOf, keyOf, numberIn, pointOf } from '../space/points.ts';
import { randomPoint } from './random.ts';
import { sobol } from './sobol.ts';
import { groupsOf } from './tpe/groups.ts';
import { parzen } from './tpe/parzen.ts';
import { type Halves, isFinished, split } from './tpe/split.ts';
import { unused } from './unused.ts';

/** Number of points to look at before the unused ones of a finite space are tried in order. */
const TRIES = 100;

/** Options of `tpe`. */
export interface TpeOptions {
  /** Number of finished trials before it starts; until then `first` suggests the points. 10 by default. */
  readonly startup?: number;
  /** The sampler of the first trials; `sobol()` by default. */
  readonly first?: Sampler;
  /** Number of points drawn, of which the best is taken; 24 by default. */
  readonly candidates?: number;
}

const specs = {
  startup: option.number({ min: 1, integer: true, fallback: 10 }),
  first: { ...sampler, fallback: sobol() },
  candidates: option.number({ min: 1, integer: true, fallback: 24 }),
};

/**
 * Tree-structured Parzen estimator (J. Bergstra, R. Bardenet, Y. Bengio & B. Kégl, "Algorithms for hyper-parameter optimization", NeurIPS 2011), jointly
 * over all dimensions that exist together (S. Falkner, A. Klein & F. Hutter, ICML 2018), with the densities of Optuna 5. Trials are divided into the
 * best ⌈n/10⌉, at most 25, and the others. With l and g the densities of the two groups, the next point is the one with the largest l/g among
 * `candidates` points drawn from l.
 *
 * Running trials count among the others, so that workers do not all search in the same place, and so do failed ones. A branch of a choice has its own
 * densities, from the trials that took it. Points outside the space, such as "off", are left out. No point is suggested twice; null when a finite space
 * is used up.
 * @example
 * const { dimensions } = readSpace({ keep: keepProb(0.3, 1), l2: float(1e-6, 1e-2, { log: true }) });
 * const told = [];
 * for (let number = 0; number < 30; number++) {
 *   const point = tpe().suggest(dimensions, told, randomOf(7, number));
 *   told.push({ number, point, state: 'complete', value: (point.keep - 0.6) ** 2 });
 * }
 * Math.min(...told.map(({ value }) => value)) < 0.001; // true
 * @throws OptionError for numbers that are not integers ≥ 1, or a `first` that is not a sampler
 */
export function tpe(options: TpeOptions = {}): Sampler {
  const { startup, first, candidates } = checkOptions<TpeOptions>('tpe', specs, options);
  return {
    name: 'tpe',
    suggest(dimensions, told, random) {
      const inside = told.filter(({ point }) => isPointOf(dimensions, point));
      if (inside.filter(isFinished).length < startup) return first.suggest(dimensions, told, random);
      return unused(dimensions, told, tries(dimensions, split(inside), candidates, random), random);
    },
  };
}

/** The candidates from best to worst, followed by random points. */
function* tries(
  dimensions: readonly Dimension[],
  halves: Halves,
  candidates: number,
  random: Random,
): Generator<Point> {
  let left = TRIES;
  for (const point of ranked(groupsOf(dimensions), {}, halves, candidates, random)) {
    if (left-- === 0) break;
    yield pointOf(dimensions, ({ name }) => numberIn(point, name) ?? 0);
  }
  for (left = TRIES; left > 0; left--) yield randomPoint(dimensions, random);
}

/** Points in the order of the promise of their groups, the last group changing first. A group counts only if the choices it depends on were taken. */
function* ranked(
  [group, ...rest]: readonly (readonly Dimension[])[],
  point: Point,
  halves: Halves,
  candidates: number,
  random: Random,
): Generator<Point> {
  if (!group) return yield point;
  const [first] = group;
  if (!first || !exists(first, point)) return yield* ranked(rest, point, halves, candidates, random);
  for (const part of rankedParts(group, halves, candidates, random))
    yield* ranked(rest, { ...point, ...part }, halves, candidates, random);
}

/** The distinct candidates for one group, the one with the largest l/g first. */
function rankedParts(group: readonly Dimension[], halves: Halves, candidates: number, random: Random): Point[] {
  const [l, g] = [halves.below, halves.above].map(trials => parzen(group, observed(group, trials)));
  if (!l || !g) return [];
  const alone = group.map(dimension => ({ ...dimension, when: [] }));
  const drawn = Array.from({ length: candidates }, (): Point => Object.fromEntries(l.draw(random.uniform)));
  const distinct = new Map(drawn.toReversed().map(point => [keyOf(alone, point), point]));
  return [...distinct.values()]
    .toReversed()
    .map(point => ({ point, promise: l.logDensity(point) - g.logDensity(point) }))
    .sort((a, b) => b.promise - a.promise)
    .map(({ point }) => point);
}

const observed = (group: readonly Dimension[], trials: readonly Told[]): Point[] =>
  trials.flatMap(({ point }) => (group.every(dimension => exists(dimension, point)) ? [point] : []));
