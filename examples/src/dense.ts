/** A dense net four ways: does dropout help, and what do L2 and max-norm add to it? */
import { keepProbs } from '@keepprob/dropout';
import { l2, maxNorm } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';
import type { Comparison } from './comparison.ts';

/** keepProb of the hidden layers and of the pixels: the values of Srivastava et al. 2014, §6.1.1. */
const HIDDEN = 0.5;
const INPUT = 0.8;
const LAMBDA = 1e-4;
const MAX_NORM = 3;

/** 784-256-256-10, ReLU. */
function network(seed: number): tf.LayersModel {
  const dense = (units: number, at: number, more: object = {}): tf.layers.Layer =>
    tf.layers.dense({ units, kernelInitializer: tf.initializers.heNormal({ seed: 10 * seed + at + 1 }), ...more });
  return tf.sequential({
    layers: [
      dense(256, 0, { activation: 'relu', inputShape: [784], name: 'hidden1' }),
      dense(256, 1, { activation: 'relu', name: 'hidden2' }),
      dense(10, 2, { activation: 'softmax', name: 'digit' }),
    ],
  });
}
const thinned = (seed: number): tf.LayersModel =>
  keepProbs(network(seed), { hidden1: HIDDEN, hidden2: HIDDEN }, { input: INPUT });

export const dense: Comparison = {
  about: '784-256-256-10: none, L2, dropout, dropout + L2 + max-norm',
  batchSize: 100,
  learningRate: 1e-3,
  epochs: 60,
  arms: {
    none: { model: network },
    L2: { model: network, plugins: [l2(LAMBDA)] },
    dropout: { model: thinned },
    'dropout + L2 + max-norm': { model: thinned, plugins: [l2(LAMBDA), maxNorm(MAX_NORM)] },
  },
};
