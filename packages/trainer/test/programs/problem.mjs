/** A small problem, the same in every thread. */
import { dropout } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import { earlyStopping } from '@keepprob/stopping';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

const seeded = seed => tfl.initializers.glorotUniform({ seed });
export const buildModel = ({ batchNorm = false } = {}) =>
  tfl.sequential({
    layers: [
      tfl.layers.dense({ units: 8, activation: 'relu', inputShape: [4], kernelInitializer: seeded(1) }),
      dropout({ keepProb: 0.5 }),
      ...(batchNorm ? [tfl.layers.batchNormalization()] : []),
      tfl.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: seeded(2) }),
    ],
  });

const part = (rows, seed) => ({
  x: tf.randomNormal([rows, 4], 0, 1, 'float32', seed),
  y: tf.oneHot(
    tf.tensor1d(
      Array.from({ length: rows }, (_, i) => i % 2),
      'int32',
    ),
    2,
  ),
});

export const makeTask = ({ rows = 50, options = {}, patience, ...rest } = {}) => ({
  model: buildModel(rest),
  data: part(rows, 3),
  options: {
    loss: 'categoricalCrossentropy',
    optimizer: tf.train.adam(0.02),
    epochs: 4,
    batchSize: 16,
    seed: 5,
    metrics: ['accuracy'],
    validation: part(20, 4),
    plugins: [l2(1e-3), earlyStopping({ patience: patience ?? 99, minDelta: 0.01 })],
    ...options,
  },
});
