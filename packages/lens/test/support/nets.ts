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

/** A net and its data whose gradient overflows while J is finite, after two steps of gradient descent at a learning rate of 1,000. */
export function overflowing(): { model: tf.LayersModel; data: { x: tf.Tensor; y: tf.Tensor } } {
  const hidden = (seed: number) => tf.layers.dense({ units: 8, activation: 'relu', ...glorot(seed) });
  const first = tf.layers.dense({ units: 8, activation: 'relu', inputShape: [2], ...glorot(1) });
  const model = tf.sequential({ layers: [first, hidden(2), hidden(3), tf.layers.dense({ units: 1, ...glorot(9) })] });
  const x = tf.randomNormal([32, 2], 0, 1, 'float32', 1);
  const y = tf.tidy(() => tf.cast(tf.randomUniform([32, 1], 0, 2, 'int32', 3), 'float32'));
  return { model, data: { x, y } };
}

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
