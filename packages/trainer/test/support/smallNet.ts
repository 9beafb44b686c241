/** A net of two layers, twenty rows for it, and options under which it trains in an instant. */
import { definePlugin, type Hooks } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import type { FitOptions } from '../../src/index.ts';

export const probe = (hooks: Hooks) => definePlugin({ name: 'probe', options: {}, setup: () => hooks })();
export const glorot = (seed: number) => ({ kernelInitializer: tf.initializers.glorotUniform({ seed }) });
export const net = (...extra: tf.layers.Layer[]) =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, inputShape: [2], ...glorot(1) }),
      ...extra,
      tf.layers.dense({ units: 1, ...glorot(2) }),
    ],
  });
export const data = (rows = 20) => ({
  x: tf.randomNormal([rows, 2], 0, 1, 'float32', 1),
  y: tf.randomNormal([rows, 1], 0, 1, 'float32', 2),
});
export const options = (more: Partial<FitOptions> = {}): FitOptions => ({
  loss: 'meanSquaredError',
  optimizer: more.optimizer ?? tf.train.sgd(0.05),
  epochs: 3,
  batchSize: 8,
  seed: 1,
  progress: false,
  ...more,
});
export const numbers = (model: tf.LayersModel): number[] =>
  model.layers.flatMap(layer => layer.getWeights().flatMap(w => [...w.dataSync()]));
