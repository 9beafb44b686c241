/** The shape of a mask, as Keras says it: which axes share one draw. */

import { type Moment, OptionError, option } from '@keepprob/core';
import { type NoiseShape, sizesOf } from '@keepprob/core/layers';
import type { Draw } from '@keepprob/core/random';

export const noiseShapeOption = option.orNull({
  ...option.list(option.orNull(option.number({ min: 1, integer: true }))),
  expected: 'a list of null and integers ≥ 1',
});

/** @throws OptionError where `noiseShape` does not fit an input of this shape */
export function checkNoiseShape(owner: string, shape: readonly (number | null)[], noiseShape: NoiseShape): void {
  const fits =
    !noiseShape ||
    (noiseShape.length === shape.length &&
      noiseShape.every((n, axis) => n === null || n === 1 || shape[axis] === null || n === shape[axis]));
  if (!fits) {
    const expected = `one entry per axis of the input [${shape.map(String)}], each null, 1 or the size of that axis`;
    throw OptionError.of(owner, 'noiseShape', expected, noiseShape);
  }
}

/** The next draw of a layer on an input of this shape. A mask that the rows of a batch share is that of row 0 in every shard. */
export const drawFor = (shape: readonly number[], keepProb: number, noiseShape: NoiseShape, at: Moment): Draw => ({
  keepProb,
  noiseShape: sizesOf(noiseShape, shape),
  key: at.key(),
  rows: noiseShape?.[0] === 1 ? [0, at.rows[1]] : at.rows,
});
