import { DataError, definePlugin, option } from '@keepprob/core';
import { changeImages, type Draws, type ImageOptions, imageOptions, type Size, sizeOf } from '../images.ts';
import { type Affine, affineWarp, rescaled } from './affine.ts';
import type { FillMode } from './transform.ts';

/** Options of `randomCrop`. */
export interface RandomCropOptions extends ImageOptions {
  /** Pixels added on every side before the image is cut to size; 4 is customary for 32 × 32. */
  readonly padding: number;
  /** [height, width] of the result; by default the size of the image. Another size needs a model that takes images of any size. */
  readonly size?: Size | null;
  /** What the padding contains: a 'constant' by default, 'reflect', or the 'nearest' pixel. */
  readonly fillMode?: FillMode;
  /** The value of 'constant'; 0 by default. */
  readonly fillValue?: number;
}

/**
 * A window of the given size whose upper left corner is at `top`, `left` in images of size `of`. Corners may be outside the image.
 * @example
 * affineWarp(images, Array(16).fill(cropWindow(2, 2, [4, 4], [8, 8])), { size: [4, 4] }).shape; // [16, 4, 4, 3]
 */
export const cropWindow = (top: number, left: number, [height, width]: Size, of: Size): Affine => [
  1,
  0,
  left + (width - of[1]) / 2,
  0,
  1,
  top + (height - of[0]) / 2,
];

const isSize = (v: unknown): boolean =>
  v === null || (Array.isArray(v) && v.length === 2 && v.every(n => Number.isSafeInteger(n) && n >= 1));

/**
 * Pads each image and cuts a random window out of it (He et al. 2016, §4.2). This is a translation by whole pixels, so nothing is interpolated.
 * Labels that are images move with them. Labels of another size, such as those of a net with strides, move by the same share, to the nearest of their pixels.
 * @example
 * await fit(model, { x, y }, { ...options, plugins: [randomCrop(4)] });
 * @throws DataError for images smaller than the window, and for a window whose size is not a whole number of a label's pixels
 */
export const randomCrop = definePlugin<RandomCropOptions, 'padding'>({
  name: 'randomCrop',
  shorthand: 'padding',
  options: {
    padding: option.number({ min: 0, integer: true }),
    size: option.orNull(option.custom<Size>('[height, width], integers ≥ 1', isSize)),
    fillMode: option.oneOf<FillMode>(['constant', 'reflect', 'nearest'], { fallback: 'constant' }),
    fillValue: option.number({ fallback: 0 }),
    ...imageOptions,
  },
  setup: ({ padding, size: wanted, fillMode, fillValue, input }) => ({
    batch(batch, at) {
      const windows = (of: Size, draws: Draws<2>, what: string): Affine[] => {
        const size = wanted ?? of;
        const [down, right] = [of[0] + 2 * padding - size[0], of[1] + 2 * padding - size[1]];
        if (down < 0 || right < 0) {
          const expected = `images that hold a window of [${size}] after padding by ${padding}`;
          throw DataError.of(`randomCrop, ${what}`, expected, `images of [${of}]`);
        }
        const corner = (u: number, room: number): number => Math.floor(u * (room + 1)) - padding;
        return draws.map(([u, v]) => cropWindow(corner(u, down), corner(v, right), size, of));
      };
      /** The window in labels of another size than the images. */
      const sizeIn = (own: Size, of: Size, what: string): Size => {
        const [height, width] = wanted ?? of;
        const size: Size = [(height * own[0]) / of[0], (width * own[1]) / of[1]];
        if (size.every(Number.isInteger)) return size;
        const expected = `labels of which a window of [${height}, ${width}] of the images is whole pixels`;
        throw DataError.of(`randomCrop, ${what}`, expected, `labels of [${own}] for images of [${of}]`);
      };
      return changeImages(batch, at, {
        owner: 'randomCrop',
        input,
        numbers: 2,
        image(t, draws, name) {
          const of = sizeOf(t);
          const maps = windows(of, draws, `input "${name}"`);
          return affineWarp(t, maps, { interpolation: 'nearest', fillMode, fillValue, size: wanted ?? of });
        },
        label(t, draws, name, of) {
          const own = sizeOf(t);
          const size = sizeIn(own, of, `labels of "${name}"`);
          const maps = windows(of, draws, `labels of "${name}"`).map(map => rescaled(map, of, own));
          return affineWarp(t, maps, { interpolation: 'nearest', fillMode, fillValue: 0, size });
        },
      });
    },
  }),
});
