import { valueAt } from '@keepprob/core';
import { defineLayer } from '@keepprob/core/layers';
import { channelNoise, channelNoiseShape, checkRank, type DataFormat, dataFormatOption } from '../options/channels.ts';
import { type Checked, type KeepProbOrRate, keeping, oneField } from '../options/rate.ts';
import { alphaDropoutForward, replacing } from './alphaDropout.ts';

/** Options of `featureAlphaDropout`. */
export type FeatureAlphaDropoutOptions = KeepProbOrRate<{
  /** Where the channels are; the last axis by default. */
  readonly dataFormat?: DataFormat;
}>;

/**
 * Alpha dropout of whole channels, with one draw for each sample and channel, for convolutions with SELU (PyTorch's `FeatureAlphaDropout`):
 * a dropped channel is filled with SELU's lower limit. The formula and the source are those of `alphaDropout`.
 *
 * Inputs are [b, t, c], [b, h, w, c] or [b, d, h, w, c], or have the channels first.
 * @example
 * featureAlphaDropout({ rate: 0.1 }); // after a convolution with SELU
 * @throws OptionError for both or neither of keepProb and rate, a value out of (0, 1], or another rank
 */
export const featureAlphaDropout = defineLayer<Checked<FeatureAlphaDropoutOptions>, FeatureAlphaDropoutOptions>({
  name: 'featureAlphaDropout',
  className: 'KeepprobFeatureAlphaDropout',
  options: { ...keeping, dataFormat: dataFormatOption },
  noise: { keepProb: { ...replacing, noiseShape: channelNoise } },
  normalize: oneField('featureAlphaDropout'),
  checkShape: shape => checkRank('featureAlphaDropout', shape, [3, 4, 5]),
  forward: (x, { keepProb, dataFormat }, at) =>
    alphaDropoutForward(x, valueAt(keepProb, at), channelNoiseShape(x.rank, dataFormat), at),
});
