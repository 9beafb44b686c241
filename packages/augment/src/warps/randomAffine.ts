import { definePlugin } from '@keepprob/core';
import { type Range, rangeOption, within } from '../range.ts';
import { compose, rotation, shear, translation, zoom } from './affine.ts';
import { type WarpOptions, warpImages, warpOptions } from './warp.ts';

/** Options of `randomAffine`. */
export interface RandomAffineOptions extends WarpOptions {
  /** Angle in turns: 0.1 is −36° to 36°. 0 by default. */
  readonly rotation?: Range;
  /** 0.2 shows 80 % to 120 % of the image, with its proportions kept. Must be above −1; 0 by default. */
  readonly zoom?: Range;
  /** Down, as a share of the height, and, with a second number, to the right, as a share of the width. 0 by default. */
  readonly translation?: Range;
  /** x' = x + p y. 0 by default. */
  readonly shear?: Range;
}

/**
 * Rotation, zoom, translation and shear in one map. Pixels are interpolated once, so the image is blurred less, and all four cost as much as one.
 * Labels that are images move with them.
 *
 * `randomAffine({ rotation: 0.05, zoom: 0.1, translation: 0.1, shear: 0.1 })`, with `interpolation`, `fillMode`, `fillValue`
 * @example
 * await fit(model, { x, y }, { ...options, plugins: [randomAffine({ rotation: 0.05, zoom: 0.1, translation: 0.1, shear: 0.1 })] });
 * @throws OptionError for a zoom ≤ −1, and for other ranges outside [−1, 1]
 */
export const randomAffine = definePlugin<RandomAffineOptions>({
  name: 'randomAffine',
  options: {
    rotation: { ...rangeOption({ min: -1, max: 1 }), fallback: 0 },
    zoom: { ...rangeOption({ above: -1 }), fallback: 0 },
    translation: { ...rangeOption({ min: -1, max: 1 }), fallback: 0 },
    shear: { ...rangeOption({ min: -1, max: 1 }), fallback: 0 },
    ...warpOptions,
  },
  setup: ({ rotation: turns, zoom: more, translation: moves, shear: slant, ...options }) => ({
    batch: (batch, at) =>
      warpImages(batch, at, {
        owner: 'randomAffine',
        options,
        numbers: 5,
        map: ([r, z, down, right, s], [height, width]) =>
          [
            translation(height * within(moves, down), width * within(moves, right)),
            rotation(2 * Math.PI * within(turns, r)),
            shear(within(slant, s), 0),
            zoom(1 + within(more, z), 1 + within(more, z)),
          ].reduce((inner, outer) => compose(outer, inner)),
      }),
  }),
});
