import { DataError, definePlugin, option } from '@keepprob/core';
import type * as tf from '@tensorflow/tfjs-core';
import { changeImages, type Draws, type ImageOptions, imageOptions } from '../images.ts';
import { type Affine, affineWarp, type Size } from './affine.ts';
import type { FillMode } from './transform.ts';

export interface RandomCropOptions extends ImageOptions {
  /** Pixels added on every side before the image is cut to size; 4 is customary for 32 × 32. */
  readonly padding: number;
  /** [height, width] of the result; the image's by default. Another one is for models that take images of any size. */
  readonly size?: Size | null;
  /** What is added: a 'constant' by default, 'reflect', or the 'nearest' pixel. */
  readonly fillMode?: FillMode;
  /** Of 'constant'; 0 by default. */
  readonly fillValue?: number;
}

/** The window of `size` whose upper left corner is at `top`, `left` of images of size `of`; corners may lie outside. */
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
 * Pads each image and cuts a random window out of it (He et al. 2016, §4.2): a translation by whole pixels, so none is interpolated.
 * Labels that are images of the same size move along.
 *
 * `randomCrop(4)`, `randomCrop({ padding, size, fillMode, fillValue })`
 * @throws DataError for images smaller than the window
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
      const crop = (t: tf.Tensor4D, draws: Draws<2>, what: string, fill: number): tf.Tensor4D => {
        const of: Size = [t.shape[1], t.shape[2]];
        const size = wanted ?? of;
        const [down, right] = [of[0] + 2 * padding - size[0], of[1] + 2 * padding - size[1]];
        if (down < 0 || right < 0) {
          const expected = `images that hold a window of [${size}] after padding by ${padding}`;
          throw DataError.of(`randomCrop, ${what}`, expected, `images of [${of}]`);
        }
        const corner = (u: number, room: number): number => Math.floor(u * (room + 1)) - padding;
        const maps = draws.map(([u, v]) => cropWindow(corner(u, down), corner(v, right), size, of));
        return affineWarp(t, maps, { interpolation: 'nearest', fillMode, fillValue: fill, size });
      };
      return changeImages(batch, at, {
        owner: 'randomCrop',
        input,
        numbers: 2,
        image: (t, draws, name) => crop(t, draws, `input "${name}"`, fillValue),
        label: (t, draws, name) => crop(t, draws, `labels of "${name}"`, 0),
      });
    },
  }),
});
