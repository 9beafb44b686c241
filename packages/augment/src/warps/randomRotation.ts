import { definePlugin } from '@keepprob/core';
import { type Range, rangeOption, within } from '../range.ts';
import { rotation } from './affine.ts';
import { type WarpOptions, warpImages, warpOptions } from './warp.ts';

/** Options of `randomRotation`. */
export interface RandomRotationOptions extends WarpOptions {
  /** Angle in turns, as in Keras: 0.1 is −36° to 36°, and [0, 0.25] is up to 90° counter-clockwise. */
  readonly factor: Range;
}

/**
 * Turns each image about its centre by a uniform angle. Labels that are images move with them.
 * @example
 * await fit(model, { x, y }, { ...options, plugins: [randomRotation(0.05)] });
 * @throws OptionError for a range outside [−1, 1]
 */
export const randomRotation = definePlugin<RandomRotationOptions, 'factor'>({
  name: 'randomRotation',
  shorthand: 'factor',
  options: { factor: rangeOption({ min: -1, max: 1 }), ...warpOptions },
  setup: ({ factor, ...options }) => ({
    batch: (batch, at) =>
      warpImages(batch, at, {
        owner: 'randomRotation',
        options,
        numbers: 1,
        map: ([u]) => rotation(2 * Math.PI * within(factor, u)),
      }),
  }),
});
