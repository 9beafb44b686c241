import { checkOptions, option } from '@keepprob/core';
import type { Dimension, Point, Sampler } from '../contract.ts';
import { pointOf } from '../space/points.ts';
import { valueAt } from '../space/values.ts';
import { sobolPoints } from './sobol/sequence.ts';
import { unused } from './unused.ts';

/** Number of points beyond that of trials to look at before the unused points of a finite space are tried in order. */
const TRIES = 100;

/** Options of `sobol`. */
export interface SobolOptions {
  /**
   * Whether Owen's scrambling is applied, from the seed of the search; true by default. Without it every search has the same points, the first one in the
   * corner of the space.
   */
  readonly scramble?: boolean;
}

const specs = { scramble: option.boolean({ fallback: true }) };

/**
 * Sobol's sequence (1967) with Joe & Kuo's directions (2008) and Owen's scrambling (1995): points that fill the space more evenly than independent ones,
 * above all in each single dimension. In a space with more than 100 dimensions, the others are independent. It suggests the first point of the sequence
 * that no trial has had, so running trials and points from elsewhere do not disturb it. Null when a finite space is used up.
 * @example
 * const { dimensions } = readSpace({ a: float(0, 1), b: float(0, 1) });
 * const told = [{ number: 0, point: { a: 0, b: 0 }, state: 'complete', value: 1 }];
 * sobol({ scramble: false }).suggest(dimensions, told, randomOf(7, 1)); // { a: 0.5, b: 0.5 }
 * @throws OptionError if `scramble` is not true or false
 */
export function sobol(options: SobolOptions = {}): Sampler {
  const { scramble } = checkOptions<SobolOptions>('sobol', specs, options);
  return {
    name: 'sobol',
    suggest: (dimensions, told, random) =>
      unused(dimensions, told, points(dimensions, scramble ? random.seed : null, told.length + TRIES), random),
  };
}

function* points(dimensions: readonly Dimension[], seed: number | null, count: number): Generator<Point> {
  let left = count;
  for (const u of sobolPoints(dimensions.length, seed)) {
    if (left-- === 0) return;
    yield pointOf(dimensions, (dimension, i) => valueAt(dimension, u[i] ?? 0));
  }
}
