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

export type SpatialDropoutOptions = KeepProbOrRate<{
  /** Where the channels are; the last axis by default. */
  readonly dataFormat?: DataFormat;
}>;

/** y = x / keepProb in the channels that are kept, 0 in the others; one draw for each sample and channel. */
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

/** [b, t, c]: drops whole channels of a sequence. `spatialDropout1D({ rate: 0.2 })` */
export const spatialDropout1D = spatial('spatialDropout1D', 'KeepprobSpatialDropout1D', 3);
/** [b, h, w, c] or [b, c, h, w]; Keras' class and config `SpatialDropout2D`. `spatialDropout2D({ rate: 0.2 })` */
export const spatialDropout2D = spatial('spatialDropout2D', 'SpatialDropout2D', 4, kerasRate);
/** [b, d, h, w, c] or [b, c, d, h, w]; Keras' class and config `SpatialDropout3D`. `spatialDropout3D({ rate: 0.2 })` */
export const spatialDropout3D = spatial('spatialDropout3D', 'SpatialDropout3D', 5, kerasRate);
