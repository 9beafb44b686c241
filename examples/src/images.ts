/** A convolutional net four ways: channels dropped and pixels moved, labels and inputs mixed, and all of it. */
import { labelSmoothing, mixup, randomAffine } from '@keepprob/augment';
import { ema } from '@keepprob/averaging';
import { spatialDropout2D } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs';
import type { Comparison } from './comparison.ts';

/** keepProb of the channels behind each convolution. */
const CHANNELS = 0.8;
/** ±11°, ±10 % in size, a tenth of the image to any side: what a writer varies. No flips: digits have a left and a right. */
const moved = randomAffine({ rotation: 0.03, zoom: 0.1, translation: 0.1, shear: 0.1, fillMode: 'constant' });
const mixed = [mixup(0.2), labelSmoothing(0.1), ema(0.99)];

/** Two 3×3 convolutions of 16 and 32 channels, each with max-pooling, and 64 dense units; ReLU. `drop` goes behind each pooling. */
function network(seed: number, drop: () => readonly tf.layers.Layer[] = () => []): tf.LayersModel {
  const kernelInitializer = (at: number) => tf.initializers.heNormal({ seed: 10 * seed + at + 1 });
  const conv = (filters: number, at: number, more: object = {}): tf.layers.Layer =>
    tf.layers.conv2d({ filters, kernelSize: 3, activation: 'relu', kernelInitializer: kernelInitializer(at), ...more });
  const pool = (): tf.layers.Layer => tf.layers.maxPooling2d({ poolSize: 2 });
  return tf.sequential({
    layers: [
      ...[conv(16, 0, { inputShape: [28, 28, 1] }), pool(), ...drop()],
      ...[conv(32, 1), pool(), ...drop()],
      tf.layers.flatten(),
      tf.layers.dense({ units: 64, activation: 'relu', kernelInitializer: kernelInitializer(2) }),
      tf.layers.dense({ units: 10, activation: 'softmax', kernelInitializer: kernelInitializer(3) }),
    ],
  });
}
const plain = (seed: number): tf.LayersModel => network(seed);
const thinned = (seed: number): tf.LayersModel => network(seed, () => [spatialDropout2D({ keepProb: CHANNELS })]);

export const images: Comparison = {
  about: 'two convolutions: none, spatial dropout + augment, mixup + label smoothing + EMA, all of them',
  batchSize: 50,
  learningRate: 2e-3,
  epochs: 40,
  arms: {
    none: { model: plain },
    'spatial dropout + augment': { model: thinned, plugins: [moved] },
    'mixup + label smoothing + EMA': { model: plain, plugins: mixed },
    'all of them': { model: thinned, plugins: [moved, ...mixed] },
  },
};
