import { definePlugin, option } from '@keepprob/core';
import { changeImages, type ImageOptions, imageOptions, type Numbers } from '../images.ts';
import { within } from '../range.ts';
import { adjustColorsWithin, type ColorChange } from './color.ts';
import { type ValueRange, valueRangeOption } from './valueRange.ts';

/** Options of `colorJitter`. */
export interface ColorJitterOptions extends ImageOptions {
  /** b ≥ 0: factors from max(0, 1 − b) to 1 + b. 0 by default. */
  readonly brightness?: number;
  /** c ≥ 0: factors from max(0, 1 − c) to 1 + c of the distance to the image's mean luma. 0 by default. */
  readonly contrast?: number;
  /** s ≥ 0: factors from max(0, 1 − s) to 1 + s of the distance to the pixel's luma. 0 by default. */
  readonly saturation?: number;
  /** h ≤ ½: turns from −h to h. 0 by default. */
  readonly hue?: number;
  /** The values of black and white, to which results are clipped; [0, 1] by default. Set it if your pixels have another range. */
  readonly valueRange?: ValueRange;
}

/**
 * Changes brightness, contrast, saturation and hue of each image by random factors (Krizhevsky et al. 2012, §4.1, in the form of torchvision's
 * ColorJitter). All four are one matrix per image, applied in that order and clipped once; hue turns about the axis of grays. 1 or 3 channels.
 * @example
 * await fit(model, { x, y }, { ...options, plugins: [colorJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 })] });
 * colorJitter({ brightness: 0.4, valueRange: [0, 255] });
 * @throws OptionError for a strength below 0, a hue above ½, or a value range out of order; DataError for images with other than 1 or 3 channels
 */
export const colorJitter = definePlugin<ColorJitterOptions>({
  name: 'colorJitter',
  options: {
    brightness: option.number({ min: 0, fallback: 0 }),
    contrast: option.number({ min: 0, fallback: 0 }),
    saturation: option.number({ min: 0, fallback: 0 }),
    hue: option.number({ min: 0, max: 0.5, fallback: 0 }),
    valueRange: valueRangeOption,
    ...imageOptions,
  },
  setup: ({ brightness, contrast, saturation, hue, valueRange, input }) => ({
    batch(batch, at) {
      const factor = (strength: number, u: number): number => within([Math.max(0, 1 - strength), 1 + strength], u);
      const change = ([b, c, s, h]: Numbers<4>): ColorChange => ({
        brightness: factor(brightness, b),
        contrast: factor(contrast, c),
        saturation: factor(saturation, s),
        hue: within(hue, h),
      });
      return changeImages(batch, at, {
        owner: 'colorJitter',
        input,
        numbers: 4,
        channels: [1, 3],
        image: (t, draws) => adjustColorsWithin(t, draws.map(change), valueRange),
      });
    },
  }),
});
