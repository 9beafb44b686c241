import { definePlugin, option } from '@keepprob/core';
import type { Size } from '../images.ts';
import { changeImages, type ImageOptions, imageOptions, type Numbers } from '../images.ts';
import { type Box, fillBoxes } from './boxes.ts';

type Bounds = readonly [lower: number, upper: number];

/** Options of `randomErasing`. */
export interface RandomErasingOptions extends ImageOptions {
  /** Fraction of the samples that lose a rectangle; ½ by default. */
  readonly probability?: number;
  /** Area of the rectangle as a share of the image; [0.02, 0.33] by default. */
  readonly scale?: Bounds;
  /** Height by width: [0.3, 3.3] by default. */
  readonly ratio?: Bounds;
  /** The value to fill with; 0 by default. */
  readonly fillValue?: number;
}

const NOTHING: Box = { top: 0, bottom: 0, left: 0, right: 0 };

/** The number of the interval nearest to n. */
const clamp = (n: number, lower: number, upper: number): number => Math.min(Math.max(n, lower), upper);

/**
 * A rectangle in an image: area uniform in `scale`, ln(height / width) uniform among the ratios with which that area fits in, place uniform.
 * The paper draws both until they fit, and so prefers small areas; here no draw is rejected and the mean area is that of `scale`.
 * @example
 * erasingBox([0.25, 0.25], [1, 1], [0, 0, 0, 0], [8, 8]); // { top: 0, bottom: 4, left: 0, right: 4 }
 */
export function erasingBox(scale: Bounds, ratio: Bounds, [a, r, v, h]: Numbers<4>, [height, width]: Size): Box {
  const area = (scale[0] + (scale[1] - scale[0]) * a) * height * width;
  const [least, most] = [area / width ** 2, height ** 2 / area];
  const [lower, upper] = ratio.map(limit => Math.log(clamp(limit, least, most))) as [number, number];
  const aspect = Math.exp(lower + (upper - lower) * r);
  const tall = clamp(Math.round(Math.sqrt(area * aspect)), 1, height);
  const wide = clamp(Math.round(Math.sqrt(area / aspect)), 1, width);
  const top = Math.floor(v * (height - tall + 1));
  const left = Math.floor(h * (width - wide + 1));
  return { top, bottom: top + tall, left, right: left + wide };
}

const bounds = (expected: string, most: number, fallback: Bounds) =>
  option.custom<Bounds>(
    `[lower, upper] with ${expected}`,
    v => Array.isArray(v) && v.length === 2 && v[0] > 0 && v[0] <= v[1] && v[1] <= most,
    { fallback },
  );

/**
 * Random erasing (Zhong et al. 2020, algorithm 1): with probability ½ fills a rectangle in each image.
 * @example
 * await fit(model, { x, y }, { ...options, plugins: [randomErasing({ probability: 0.5, scale: [0.02, 0.2] })] });
 * @throws OptionError for a probability outside [0, 1], and for bounds out of range or out of order
 */
export const randomErasing = definePlugin<RandomErasingOptions, 'probability'>({
  name: 'randomErasing',
  shorthand: 'probability',
  options: {
    probability: option.number({ min: 0, max: 1, fallback: 0.5 }),
    scale: bounds('0 < lower ≤ upper ≤ 1', 1, [0.02, 0.33]),
    ratio: bounds('0 < lower ≤ upper', Number.MAX_VALUE, [0.3, 3.3]),
    fillValue: option.number({ fallback: 0 }),
    ...imageOptions,
  },
  setup: ({ probability, scale, ratio, fillValue, input }) => ({
    batch: (batch, at) =>
      changeImages(batch, at, {
        owner: 'randomErasing',
        input,
        numbers: 5,
        image: (t, draws) =>
          fillBoxes(
            t,
            draws.map(([chosen, ...box]) =>
              chosen < probability ? erasingBox(scale, ratio, box, [t.shape[1], t.shape[2]]) : NOTHING,
            ),
            fillValue,
          ),
      }),
  }),
});
