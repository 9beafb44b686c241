import { byEpoch } from '@keepprob/core/schedules';
import * as tf from '@tensorflow/tfjs';
import {
  alphaDropout,
  concreteDropout,
  curriculum,
  dropBlock2D,
  dropConnect,
  dropout,
  dropoutGRU,
  dropoutLSTM,
  dropoutSimpleRNN,
  dropPath,
  embeddingDropout,
  featureAlphaDropout,
  gaussianDropout,
  gaussianNoise,
  spatialDropout1D,
  spatialDropout2D,
  spatialDropout3D,
  wordDropout,
} from '../../src/index.ts';

const { layers } = tf;

/** Every class of the package, with options that differ from the fallbacks; and the shape of an input. */
export const everyClass: Readonly<Record<string, [shape: number[], make: () => tf.layers.Layer]>> = {
  KeepprobDropout: [[6], () => dropout({ rate: 0.3, noiseShape: [null, 1], seed: 1 })],
  KeepprobSpatialDropout1D: [[5, 3], () => spatialDropout1D({ keepProb: 0.5, seed: 1 })],
  SpatialDropout2D: [[4, 4, 3], () => spatialDropout2D({ rate: 0.3, seed: 1, dataFormat: 'channelsFirst' })],
  SpatialDropout3D: [
    [2, 4, 4, 3],
    () => spatialDropout3D({ keepProb: curriculum({ keepProb: 0.5, steps: 3 }), seed: 1 }),
  ],
  KeepprobAlphaDropout: [[6], () => alphaDropout({ rate: 0.3, seed: 1 })],
  KeepprobFeatureAlphaDropout: [[4, 3], () => featureAlphaDropout({ rate: 0.5, seed: 1 })],
  KeepprobGaussianDropout: [[6], () => gaussianDropout({ rate: 0.3, seed: 1 })],
  KeepprobGaussianNoise: [[6], () => gaussianNoise({ stddev: byEpoch([0.3, 0.2]), seed: 1 })],
  KeepprobDropBlock2D: [[8, 8, 2], () => dropBlock2D({ keepProb: 0.8, blockSize: 3, seed: 1 })],
  KeepprobDropPath: [[6], () => dropPath({ keepProb: 0.5, seed: 1 })],
  KeepprobWordDropout: [[6], () => wordDropout({ keepProb: 0.5, seed: 1, unknownId: 3, maskId: null })],
  KeepprobConcreteDropout: [[6], () => concreteDropout({ weightRegularizer: 0, dropoutRegularizer: 0, seed: 1 })],
  KeepprobDropConnect: [[6], () => dropConnect(layers.dense({ units: 4 }), { keepProb: 0.5, seed: 1 })],
  KeepprobEmbeddingDropout: [
    [6],
    () =>
      embeddingDropout(layers.embedding({ inputDim: 4, outputDim: 3, batchInputShape: [null, null] }), {
        keepProb: 0.5,
        seed: 1,
      }),
  ],
  KeepprobLSTM: [[5, 3], () => dropoutLSTM({ units: 4, keepProb: 0.5, recurrentKeepProb: 0.5, seed: 1 })],
  KeepprobGRU: [[5, 3], () => dropoutGRU({ units: 4, keepProb: 0.5, seed: 1 })],
  KeepprobSimpleRNN: [[5, 3], () => dropoutSimpleRNN({ units: 4, recurrentKeepProb: 0.5, seed: 1 })],
};
