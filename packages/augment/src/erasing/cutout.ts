import { definePlugin, option } from '@keepprob/core';
import type { Size } from '../images.ts';
import { changeImages, type ImageOptions, imageOptions } from '../images.ts';
import { type Box, clipBox, fillBoxes } from './boxes.ts';

/** Options of `cutout`. */
export interface CutoutOptions extends ImageOptions {
  /** Side of the square in pixels; 16 for CIFAR-10, 8 for CIFAR-100 in the paper. */
  readonly size: number;
  /** The value to fill with; 0 by default, the mean of standardized images. */
  readonly fillValue?: number;
}

/**
 * A square with the given side around a pixel of the image, which u and v in [0, 1) pick. It is cut off at the borders.
 * @example
 * cutoutBox(4, 0.5, 0.5, [8, 8]); // { top: 2, bottom: 6, left: 2, right: 6 }
 */
export function cutoutBox(side: number, u: number, v: number, [height, width]: Size): Box {
  const top = Math.floor(u * height) - Math.floor(side / 2);
  const left = Math.floor(v * width) - Math.floor(side / 2);
  return clipBox({ top, bottom: top + side, left, right: left + side }, [height, width]);
}

/**
 * Cutout (DeVries & Taylor 2017, §3.2): fills a square around a random pixel of each image. The part of the square outside the image is lost.
 * @example
 * await fit(model, { x, y }, { ...options, plugins: [cutout(4)] });
 * @throws OptionError for a size that is not an integer ≥ 1
 */
export const cutout = definePlugin<CutoutOptions, 'size'>({
  name: 'cutout',
  shorthand: 'size',
  options: {
    size: option.number({ min: 1, integer: true }),
    fillValue: option.number({ fallback: 0 }),
    ...imageOptions,
  },
  setup: ({ size, fillValue, input }) => ({
    batch: (batch, at) =>
      changeImages(batch, at, {
        owner: 'cutout',
        input,
        numbers: 2,
        image: (t, draws) =>
          fillBoxes(
            t,
            draws.map(([u, v]) => cutoutBox(size, u, v, [t.shape[1], t.shape[2]])),
            fillValue,
          ),
      }),
  }),
});
