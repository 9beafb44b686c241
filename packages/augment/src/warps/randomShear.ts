import { definePlugin } from '@keepprob/core';
import { type Range, rangeOption, within } from '../range.ts';
import { shear } from './affine.ts';
import { type WarpOptions, warpImages, warpOptions } from './warp.ts';

/** Options of `randomShear`. */
export interface RandomShearOptions extends WarpOptions {
  /** Pixels to the side for each pixel down: x' = x + p y. 0 by default. */
  readonly xFactor?: Range;
  /** Pixels down for each pixel to the side: y' = y + q x. 0 by default. */
  readonly yFactor?: Range;
}

/**
 * Slants each image about its centre. Labels that are images move with them.
 * @example
 * await fit(model, { x, y }, { ...options, plugins: [randomShear(0.2)] }); // sideways
 * @throws OptionError for a range outside [−1, 1]
 */
export const randomShear = definePlugin<RandomShearOptions, 'xFactor'>({
  name: 'randomShear',
  shorthand: 'xFactor',
  options: {
    xFactor: { ...rangeOption({ min: -1, max: 1 }), fallback: 0 },
    yFactor: { ...rangeOption({ min: -1, max: 1 }), fallback: 0 },
    ...warpOptions,
  },
  setup: ({ xFactor, yFactor, ...options }) => ({
    batch: (batch, at) =>
      warpImages(batch, at, {
        owner: 'randomShear',
        options,
        numbers: 2,
        map: ([u, v]) => shear(within(xFactor, u), within(yFactor, v)),
      }),
  }),
});
