import { definePlugin, option } from '@keepprob/core';
import { type Range, rangeOption, within } from '../range.ts';
import { zoom } from './affine.ts';
import { type WarpOptions, warpImages, warpOptions } from './warp.ts';

/** Options of `randomZoom`. */
export interface RandomZoomOptions extends WarpOptions {
  /** As in Keras: 0.2 shows 80 % to 120 % of the height; [0, 0.2] only makes things smaller. Must be above −1. */
  readonly heightFactor: Range;
  /** The same for the width; by default the image keeps its proportions. */
  readonly widthFactor?: Range | null;
}

const factor = rangeOption({ above: -1 });

/**
 * Makes the things in each image larger (factor below 0) or smaller (above 0), about the centre. Labels that are images move with them.
 * @example
 * await fit(model, { x, y }, { ...options, plugins: [randomZoom(0.2)] });
 * @throws OptionError for a factor ≤ −1
 */
export const randomZoom = definePlugin<RandomZoomOptions, 'heightFactor'>({
  name: 'randomZoom',
  shorthand: 'heightFactor',
  options: {
    heightFactor: factor,
    widthFactor: option.orNull(factor),
    ...warpOptions,
  },
  setup: ({ heightFactor, widthFactor, ...options }) => ({
    batch: (batch, at) =>
      warpImages(batch, at, {
        owner: 'randomZoom',
        options,
        numbers: 2,
        map([u, v]) {
          const height = 1 + within(heightFactor, u);
          return zoom(height, widthFactor === null ? height : 1 + within(widthFactor, v));
        },
      }),
  }),
});
