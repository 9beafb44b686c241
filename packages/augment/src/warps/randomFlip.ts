import { definePlugin, option } from '@keepprob/core';
import { type ImageOptions, imageOptions } from '../images.ts';
import { flip } from './affine.ts';
import { warpImages } from './warp.ts';

/** Options of `randomFlip`. */
export interface RandomFlipOptions extends ImageOptions {
  /** Whether to flip left and right; true by default. */
  readonly horizontal?: boolean;
  /** Whether to flip top and bottom; false by default. */
  readonly vertical?: boolean;
  /** Probability of each of the two, for each sample; ½ by default. */
  readonly probability?: number;
}

/**
 * Flips each image with probability ½, horizontally, vertically or both. This is exact: no pixel is interpolated. Labels that are images move with them.
 * Do not use it for
 * images in which left and right differ in meaning, such as digits and text.
 * @example
 * await fit(model, { x, y }, { ...options, plugins: [randomFlip()] });
 * randomFlip({ vertical: true, probability: 0.3 });
 * @throws OptionError for a probability outside [0, 1]
 */
export const randomFlip = definePlugin<RandomFlipOptions>({
  name: 'randomFlip',
  options: {
    horizontal: option.boolean({ fallback: true }),
    vertical: option.boolean({ fallback: false }),
    probability: option.number({ min: 0, max: 1, fallback: 0.5 }),
    ...imageOptions,
  },
  setup: ({ horizontal, vertical, probability, input }) => ({
    batch: (batch, at) =>
      warpImages(batch, at, {
        owner: 'randomFlip',
        options: { input, interpolation: 'nearest', fillMode: 'constant', fillValue: 0 },
        numbers: 2,
        map: ([u, v]) => flip(horizontal && u < probability, vertical && v < probability),
      }),
  }),
});
