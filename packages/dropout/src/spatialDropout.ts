/**
 * Spatial dropout: whole channels are dropped, since neighbours in a feature map say the same.
 * Tompson, Goroshin, Jain, LeCun & Bregler, "Efficient object localization using convolutional networks", CVPR 2015.
 */
import { counterDropout, type Moment, OptionError, option, type Schedule, valueAt } from '@keepprob/core';
import { defineLayer, type LayerFactory, type PluginLayer } from '@keepprob/core/layers';
import type * as tf from '@tensorflow/tfjs-core';
import { type KeepProbOrRate, keepProbOption, oneField, seedOption } from './rate.ts';

export type DataFormat = 'channelsLast' | 'channelsFirst';

export interface SpatialDropoutConfig {
  /** Probability that a channel is kept, in (0, 1]; resolution 2⁻¹⁶. May be a schedule. */
  readonly keepProb: number | Schedule;
  /** Where the channels are; the last axis by default. */
  readonly dataFormat?: DataFormat;
  /** Of this layer alone; replaces the run's. */
  readonly seed?: number | null;
}

export type SpatialDropoutOptions = KeepProbOrRate<Omit<SpatialDropoutConfig, 'keepProb'>>;

/** One draw for each sample and channel: [b, 1, …, c], or [b, c, 1, …]. */
export function spatialNoiseShape(shape: readonly number[], dataFormat: DataFormat): number[] {
  const channels = dataFormat === 'channelsLast' ? shape.length - 1 : 1;
  return shape.map((size, axis) => (axis === 0 || axis === channels ? size : 1));
}

/** y = x / keepProb in the channels that are kept, 0 in the others. */
export const spatialDropoutForward = (x: tf.Tensor, keepProb: number, dataFormat: DataFormat, at: Moment): tf.Tensor =>
  counterDropout(x, { keepProb, noiseShape: spatialNoiseShape(x.shape, dataFormat), key: at.key(), rows: at.rows });

type SpatialFactory = ((options: SpatialDropoutOptions) => PluginLayer<SpatialDropoutConfig>) &
  Pick<LayerFactory<SpatialDropoutConfig>, 'layerClass'>;

function spatial(name: string, className: string, rank: number): SpatialFactory {
  const check = (shape: readonly (number | null)[]): void => {
    if (shape.length !== rank)
      throw OptionError.of(name, 'inputShape', `rank ${rank}, the batch axis included`, shape.map(String));
  };
  return defineLayer<SpatialDropoutConfig>({
    name,
    className,
    options: {
      keepProb: keepProbOption,
      dataFormat: option.oneOf<DataFormat>(['channelsLast', 'channelsFirst'], { fallback: 'channelsLast' }),
      seed: seedOption,
    },
    normalize: oneField(name),
    checkShape: check,
    forward(x, { keepProb, dataFormat }, at) {
      check(x.shape);
      return spatialDropoutForward(x, valueAt(keepProb, at), dataFormat, at);
    },
  }) as SpatialFactory;
}

/** [b, t, c]: drops whole channels of a sequence. `spatialDropout1D({ rate: 0.2 })` */
export const spatialDropout1D = spatial('spatialDropout1D', 'KeepprobSpatialDropout1D', 3);
/** [b, h, w, c] or [b, c, h, w]; Keras' class `SpatialDropout2D`. `spatialDropout2D({ rate: 0.2 })` */
export const spatialDropout2D = spatial('spatialDropout2D', 'SpatialDropout2D', 4);
/** [b, d, h, w, c] or [b, c, d, h, w]; Keras' class `SpatialDropout3D`. `spatialDropout3D({ rate: 0.2 })` */
export const spatialDropout3D = spatial('spatialDropout3D', 'SpatialDropout3D', 5);
