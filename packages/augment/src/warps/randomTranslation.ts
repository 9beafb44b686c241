import { definePlugin } from '@keepprob/core';
import { type Range, rangeOption, within } from '../range.ts';
import { translation } from './affine.ts';
import { type WarpOptions, warpImages, warpOptions } from './warp.ts';

/** Options of `randomTranslation`. */
export interface RandomTranslationOptions extends WarpOptions {
  /** Down, as a share of the height, as in Keras: 0.1 is from 10 % up to 10 % down. */
  readonly heightFactor: Range;
  /** To the right, as a share of the width. */
  readonly widthFactor: Range;
}

/**
 * Moves each image by a uniform share of its sides, not only by whole pixels (for those see `randomCrop`). Labels that are
 * images move with them.
 *
 * `randomTranslation({ heightFactor: 0.1, widthFactor: 0.1 })`, with `interpolation`, `fillMode`, `fillValue`
 * @example
 * await fit(model, { x, y }, { ...options, plugins: [randomTranslation({ heightFactor: 0.1, widthFactor: 0.1 })] });
 * @throws OptionError for a range outside [−1, 1]
 */
export const randomTranslation = definePlugin<RandomTranslationOptions>({
  name: 'randomTranslation',
  options: {
    heightFactor: rangeOption({ min: -1, max: 1 }),
    widthFactor: rangeOption({ min: -1, max: 1 }),
    ...warpOptions,
  },
  setup: ({ heightFactor, widthFactor, ...options }) => ({
    batch: (batch, at) =>
      warpImages(batch, at, {
        owner: 'randomTranslation',
        options,
        numbers: 2,
        map: ([u, v], [height, width]) => translation(height * within(heightFactor, u), width * within(widthFactor, v)),
      }),
  }),
});
