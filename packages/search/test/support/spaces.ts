/** Spaces for laws that hold in all of them. */
import fc from 'fast-check';
import type { Dimension, Point, Sampler, Told } from '../../src/contract.ts';
import { choice, float, int, keepProb, randomOf, readSpace } from '../../src/index.ts';

const bounds = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 40 }));
const isLog = fc.boolean();

/** One space of any kind, without further spaces in it. */
export const anyLeaf = fc.oneof(
  fc
    .tuple(bounds, fc.constantFrom(1e-3, 1, 1e3))
    .map(([[low, range], scale]) => float(low * scale, (low + range) * scale)),
  fc
    .tuple(bounds, isLog)
    .map(([[low, range], log]) => int(log ? Math.abs(low) + 1 : low, (log ? Math.abs(low) + 1 : low) + range, { log })),
  fc
    .tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 2, max: 1e4 }))
    .map(([low, ratio]) => float(low / 1e4, (low * ratio) / 1e4, { log: true })),
  fc
    .tuple(bounds, fc.constantFrom(0.1, 0.25, 3))
    .map(([[low, steps], step]) => float(low, low + steps * step, { step })),
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 10 }))
    .map(([low, range]) => keepProb(low / 20, Math.min(1, (low + range) / 20))),
  fc.integer({ min: 1, max: 5 }).map(n => choice(Array.from({ length: n }, (_, i) => `v${i}`))),
);

/** A config with conditional spaces, two deep. */
export const anyConfig = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: anyLeaf },
    fc
      .array(
        fc.oneof(
          anyLeaf,
          fc.constant('none'),
          fc.array(anyLeaf, { maxLength: 2 }).map(of => choice([...of, 'last'])),
        ),
        { minLength: 1, maxLength: 3 },
      )
      .map(of => choice(of)),
  ),
  { minLength: 1, maxLength: 4 },
);

/** Only countable ones, so that they can be used up. */
export const anyFinite = fc.array(
  fc.oneof(
    fc.integer({ min: 1, max: 3 }).map(n => int(0, n)),
    fc.integer({ min: 1, max: 2 }).map(n => choice([...Array.from({ length: n }, (_, i) => i), int(1, 2)])),
  ),
  { minLength: 1, maxLength: 2 },
);

export const complete = (number: number, point: Point, value: number | null): Told => ({
  number,
  point,
  state: value === null ? 'running' : 'complete',
  value,
});

/** As many trials as the sampler has points for, at most `count`, each told with its value, or as running. */
export function trials(
  sampler: Sampler,
  dimensions: readonly Dimension[],
  count: number,
  value: (point: Point, number: number) => number | null = (_, number) => Math.sin(number * 7),
  seed = 1,
): Told[] {
  const told: Told[] = [];
  for (let number = 0; number < count; number++) {
    const point = sampler.suggest(dimensions, told, randomOf(seed, number));
    if (!point) break;
    told.push(complete(number, point, value(point, number)));
  }
  return told;
}

export const dimensionsOf = (config: unknown): readonly Dimension[] => readSpace(config).dimensions;
