/** Random windows over images and volumes. */
import fc from 'fast-check';

export type Four = [number, number, number, number];
export type Pair = [number, number];
export type Explicit = [Pair, Pair, Pair, Pair];
export type Pad = 'valid' | 'same' | number | Explicit;
export type Rounding = 'floor' | 'round' | 'ceil' | undefined;

export const upTo = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max });
export const pair = (max: number, min = 1): fc.Arbitrary<Pair> => fc.tuple(upTo(max, min), upTo(max, min));
export const channels = fc.oneof(
  { weight: 5, arbitrary: upTo(9) },
  { weight: 1, arbitrary: fc.constantFrom(15, 16, 17, 31, 32, 33) },
);

export const padding: fc.Arbitrary<[Pad, Rounding]> = fc.oneof(
  fc.constantFrom<[Pad, Rounding]>(['valid', undefined], ['same', undefined]),
  fc.tuple(
    fc.oneof(
      upTo(3, 0),
      fc.tuple(pair(3, 0), pair(3, 0)).map(([y, x]): Explicit => [[0, 0], y, x, [0, 0]]),
    ),
    fc.constantFrom<Rounding>(undefined, 'floor', 'round', 'ceil'),
  ),
);

export type Three = [number, number, number];
export type Five = [number, number, number, number, number];
export const three = (max: number): fc.Arbitrary<Three> => fc.tuple(upTo(max), upTo(max), upTo(max));
