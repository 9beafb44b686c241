import { definePlugin, option } from '@keepprob/core';
import { changeImages, type ImageOptions, imageOptions } from '../images.ts';
import { adjustColors, NO_CHANGE } from './color.ts';

/** Options of `randomGrayscale`. */
export interface RandomGrayscaleOptions extends ImageOptions {
  /** Fraction of the samples that lose their colours; 0.1 by default. */
  readonly probability?: number;
}

/**
 * Makes each image gray with a probability: every channel becomes the luma 0.299 r + 0.587 g + 0.114 b. There are still three channels.
 * @example
 * await fit(model, { x, y }, { ...options, plugins: [randomGrayscale(0.2)] });
 * @throws OptionError for a probability outside [0, 1]
 */
export const randomGrayscale = definePlugin<RandomGrayscaleOptions, 'probability'>({
  name: 'randomGrayscale',
  shorthand: 'probability',
  options: { probability: option.number({ min: 0, max: 1, fallback: 0.1 }), ...imageOptions },
  setup: ({ probability, input }) => ({
    batch: (batch, at) =>
      changeImages(batch, at, {
        owner: 'randomGrayscale',
        input,
        numbers: 1,
        channels: [3],
        image: (t, draws) =>
          adjustColors(
            t,
            draws.map(([u]) => (u < probability ? { ...NO_CHANGE, saturation: 0 } : NO_CHANGE)),
          ),
      }),
  }),
});
