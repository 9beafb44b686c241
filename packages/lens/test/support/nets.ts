/** Small networks with weights from seeds, and rows for them. */
import { dropout } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs';

export const loss = 'categoricalCrossentropy';
export const glorot = (seed: number) => ({ kernelInitializer: tf.initializers.glorotUniform({ seed }) });

/** 5 numbers, 3 classes; labels follow the rows, so that there is something to learn. */
export function classes(rows = 48): { x: tf.Tensor2D; y: tf.Tensor2D } {
  const x = tf.randomNormal([rows, 5], 0, 1, 'float32', 1) as tf.Tensor2D;
  const y = tf.tidy(() => tf.oneHot(tf.argMax(tf.slice(x, [0, 0], [rows, 3]), 1), 3) as tf.Tensor2D);
  return { x, y };
}

/** 5-10-…-3 with dropout behind the hidden layers. */
export const net = (...middle: tf.layers.Layer[]): tf.LayersModel =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 10, activation: 'relu', inputShape: [5], name: 'first', ...glorot(1) }),
      ...middle,
      dropout({ keepProb: 0.5, name: 'drop' }),
      tf.layers.dense({ units: 3, activation: 'softmax', name: 'last', ...glorot(2) }),
    ],
  });

/** All that must be as it was: every weight to the bit, every config. */
export const stateOf = (model: tf.LayersModel): unknown => [
  model.layers.map(layer => layer.weights.map(w => [...w.read().dataSync()])),
  model.layers.map(layer => (layer.getClassName() === 'Fails' ? null : layer.getConfig())),
];

/** Two dense layers with these kernels. */
export const ofKernels = (
  kernel: number[][],
  activation: 'linear' | 'relu' = 'linear',
  second: number[][] = [[1], [1]],
) =>
  tf.sequential({
    layers: [
      tf.layers.dense({
        units: kernel[0]!.length,
        activation,
        useBias: false,
        inputShape: [kernel.length],
        weights: [tf.tensor2d(kernel)],
        name: 'h',
      }),
      tf.layers.dense({ units: 1, useBias: false, weights: [tf.tensor2d(second)], name: 'out' }),
    ],
  });
