/**
 * Spatial dropout: whole channels are dropped, since neighbours in a feature map say the same.
 * Tompson, Goroshin, Jain, LeCun & Bregler, "Efficient object localization using convolutional networks", CVPR 2015.
 */
import { type Moment, valueAt } from '@keepprob/core';
import { type ConfigFormat, defineLayer } from '@keepprob/core/layers';
import type * as tf from '@tensorflow/tfjs-core';
import { channelNoise, channelNoiseShape, checkRank, type DataFormat, dataFormatOption } from '../options/channels.ts';
import { type Checked, dropping, type KeepProbOrRate, keeping, oneField } from '../options/rate.ts';
import { kerasRate } from '../saved/kerasConfig.ts';
import { dropoutForward } from './dropout.ts';

/** Options of `spatialDropout2D`. */
export type SpatialDropoutOptions = KeepProbOrRate<{
  /** Where the channels are; the last axis by default. */
  readonly dataFormat?: DataFormat;
}>;

/**
 * y = x / keepProb in the channels that are kept, 0 in the others; one draw for each sample and channel.
 * @example
 * spatialDropoutForward(tf.ones([2, 8, 8, 3]), 0.8, 'channelsLast', at).shape; // [2, 8, 8, 3]
 */
export const spatialDropoutForward = (x: tf.Tensor, keepProb: number, dataFormat: DataFormat, at: Moment): tf.Tensor =>
  dropoutForward(x, keepProb, channelNoiseShape(x.rank, dataFormat), at);

const spatial = (name: string, className: string, rank: number, config?: ConfigFormat) =>
  defineLayer<Checked<SpatialDropoutOptions>, SpatialDropoutOptions>({
    name,
    className,
    ...(config && { config }),
    options: { ...keeping, dataFormat: dataFormatOption },
    noise: { keepProb: { ...dropping, noiseShape: channelNoise } },
    normalize: oneField(name),
    checkShape: shape => checkRank(name, shape, [rank]),
    forward: (x, { keepProb, dataFormat }, at) => spatialDropoutForward(x, valueAt(keepProb, at), dataFormat, at),
  });

/**
 * Spatial dropout of sequences [b, t, c] (Tompson et al. 2015): drops whole channels, since neighbours in a feature map carry the same information. Kept channels are
 * divided by keepProb. At inference it is the identity.
 * @example
 * spatialDropout1D({ rate: 0.2 }); // after an embedding or tf.layers.conv1d
 * @throws OptionError for both or neither of keepProb and rate, a value out of (0, 1], or another rank
 */
export const spatialDropout1D = spatial('spatialDropout1D', 'KeepprobSpatialDropout1D', 3);
/**
 * Spatial dropout of images [b, h, w, c] or [b, c, h, w] (Tompson et al. 2015): drops whole channels and divides the others by keepProb. At inference it is the
 * identity. Class and config are those of Keras' `SpatialDropout2D`.
 * @example
 * spatialDropout2D({ rate: 0.2 }); // after tf.layers.conv2d
 * @throws OptionError for both or neither of keepProb and rate, a value out of (0, 1], or another rank
 */
export const spatialDropout2D = spatial('spatialDropout2D', 'SpatialDropout2D', 4, kerasRate);
/**
 * Spatial dropout of volumes [b, d, h, w, c] or [b, c, d, h, w] (Tompson et al. 2015): drops whole channels and divides the others by keepProb. At
 * inference it is the identity. Class and config are those of Keras' `SpatialDropout3D`.
 * @example
 * spatialDropout3D({ rate: 0.2 }); // after tf.layers.conv3d
 * @throws OptionError for both or neither of keepProb and rate, a value out of (0, 1], or another rank
 */
export const spatialDropout3D = spatial('spatialDropout3D', 'SpatialDropout3D', 5, kerasRate);
