/** Small networks with weights from seeds, and rows for them. */
import * as tf from '@tensorflow/tfjs';
import { dropout } from '../../src/index.ts';

export const glorot = (seed: number) => tf.initializers.glorotUniform({ seed });
export const normal = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);

/** Dense, batch norm with statistics of its own, dropout, and a last activation. */
export function net(
  activation: 'softmax' | 'sigmoid' | 'linear',
  middle: tf.layers.Layer = dropout({ keepProb: 0.6 }),
  units = 3,
) {
  const norm = tf.layers.batchNormalization();
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 8, inputShape: [4], activation: 'relu', kernelInitializer: glorot(1) }),
      norm,
      middle,
      tf.layers.dense({ units, activation, kernelInitializer: glorot(2) }),
    ],
  });
  norm.setWeights([tf.ones([8]), tf.zeros([8]), tf.fill([8], 0.3), tf.fill([8], 0.5)]);
  return model;
}

export const values = (t: tf.Tensor | undefined): number[] => Array.from(t?.dataSync() ?? []);

/** 4-16-16-2, with names. */
export const mlp = () =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 16, inputShape: [4], name: 'hidden1' }),
      tf.layers.dense({ units: 16, name: 'hidden2' }),
      tf.layers.dense({ units: 2, name: 'out' }),
    ],
  });

/** What each output says. */
export const run = (model: tf.LayersModel, x: tf.Tensor | tf.Tensor[], training: boolean) =>
  [model.apply(x, { training })].flat().map(t => [...(t as tf.Tensor).dataSync()]);
